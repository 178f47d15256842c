package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CreationFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Failure marks through a real Redis. */
class FailureMarksIT {

    private static RealRedis redis;

    @BeforeAll
    static void start() {
        redis = new RealRedis();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    private static GetOrCreateCache<String, String> cache(RedisSharedStore store) {
        return GetOrCreateCache.<String, String>builder("marks")
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5))
                .build();
    }

    @Test
    void whoWaitedInAnotherProcessFailsWithTheCreator() {
        try (var here = cache(redis.one);
                var there = cache(redis.two)) {
            Gate gate = new Gate();
            Caller<Outcome<String>> leader = Caller.start(() -> here.obtain("k", key -> {
                gate.pass();
                throw new IllegalStateException("the very message");
            }));
            gate.awaitArrival();
            long before = commands("get");
            Caller<Outcome<String>> waiter = Caller.start(() -> there.obtain("k", key -> "never"));
            Awaitility.await("it has seen the claim").until(() -> commands("get") > before);
            gate.open();
            leader.error(IllegalStateException.class);
            String message =
                    String.valueOf(waiter.error(CreationFailedException.class).getMessage());
            assertTrue(message.contains("java.lang.IllegalStateException: the very message"), message);
            assertEquals(0, there.stats().creatorRuns());
        }
    }

    private static long commands(String name) {
        String line = String.valueOf(redis.server.command("INFO", "commandstats"));
        int at = line.indexOf("cmdstat_" + name + ":calls=");
        String from = at < 0 ? "0," : line.substring(line.indexOf('=', at) + 1);
        return Long.parseLong(from.substring(0, from.indexOf(',')));
    }

    @Test
    void whoTriesAgainAtOnceRunsHisOwnCreatorAlsoWhereTheServerForgotTheScripts() {
        try (var cache = cache(redis.one)) {
            for (int i = 0; i < 50; i++) {
                redis.server.command("SCRIPT", "FLUSH");
                RuntimeException mine = new IllegalStateException();
                assertSame(
                        mine,
                        assertThrows(
                                RuntimeException.class,
                                () -> cache.getOrCreate("again", key -> {
                                    throw mine;
                                })));
            }
            assertEquals("v", cache.getOrCreate("again", key -> "v"));
            assertEquals(0, cache.stats().undecodable());
        }
    }
}
