package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;

import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** A server that runs somebody's long script while a connection is made. */
class BusyServerTest {

    /** As all but a few commands are answered then. */
    private static final String BUSY = "-BUSY Redis is busy running a script. You can only call SCRIPT KILL\r\n";

    @ParameterizedTest
    @ValueSource(strings = {"CLIENT TRACKING", "INFO"})
    void isNotTakenForOneThatDoesNotSayWhatItIs(String refused) {
        AtomicBoolean busy = new AtomicBoolean();
        AtomicInteger refusals = new AtomicInteger();
        try (ScriptedRedis redis = new ScriptedRedis().says(command -> {
                    boolean refuses = busy.get() && command.startsWith(refused);
                    return refuses && refusals.incrementAndGet() > 0 ? BUSY : null;
                });
                RedisSharedStore store = RedisSharedStore.builder(redis.uri()).build()) {
            busy.set(true);
            redis.hangUp();
            await().until(() -> refusals.get() > 0);
            busy.set(false);
            await().until(() -> store.links().stream().anyMatch(BusyServerTest::isKnown));
        }
    }

    private static boolean isKnown(Link link) {
        return !link.isUntracked() && !link.server().runId().isEmpty() && !link.isLost();
    }
}
