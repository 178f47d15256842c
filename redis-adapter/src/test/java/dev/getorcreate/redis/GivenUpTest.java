package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.testkit.CapturedLog;
import org.junit.jupiter.api.Test;

class GivenUpTest {

    /** Everybody who waits for an answer learns that its server became a replica. */
    @Test
    void thatALinkIsGivenUpIsSaidOnceHoweverManyFindOut() {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisSharedStore store = RedisSharedStore.builder(redis.uri()).build();
                CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            Link link = store.links().get(0);
            for (int i = 0; i < 5; i++) {
                link.demoted();
            }
            await().until(store::isConnected);
            assertEquals(
                    1,
                    log.lines().stream()
                            .filter(line -> line.contains("giving the connection up"))
                            .count(),
                    () -> "once: " + log.lines());
        }
    }
}
