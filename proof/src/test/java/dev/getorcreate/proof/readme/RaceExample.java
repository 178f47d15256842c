package dev.getorcreate.proof.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.testkit.interleavings.Interleavings;
import dev.getorcreate.testkit.interleavings.SteppedStore;
import org.junit.jupiter.api.Test;

class RaceExample {

    @Test
    void bothGetTheSameUser() {
        Interleavings.of(setup -> {
                    SteppedStore redis = setup.store("redis");
                    setup.caller("A", () -> getOrCreate(redis, "ann", "user 1"));
                    setup.caller("B", () -> getOrCreate(redis, "ann", "user 2"));
                })
                .check(result -> assertEquals(result.answer("A"), result.answer("B")));
    }

    private static String getOrCreate(SteppedStore redis, String key, String user) {
        String existing = redis.get(key);
        if (existing == null) {
            redis.set(key, user);
            return user;
        }
        return existing;
    }
}
