package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Several threads invalidate a whole cache at the same time, again and again. */
class OverlappingInvalidationsIT {

    private static final int INVALIDATING = 4;
    private static final int READING = 2;
    private static final int ROUNDS = 2_000;

    @Test
    void areAllConfirmedAndFailNobodyWhoReads() throws Exception {
        ExecutorService threads = Executors.newFixedThreadPool(INVALIDATING + READING);
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                        .commandTimeout(Duration.ofSeconds(10))
                        .build()) {
            SharedSpace<String> space = store.open("overlapping", KeyCodec.string(), "utf8", key -> {});
            AtomicInteger invalidating = new AtomicInteger(INVALIDATING);
            List<Future<?>> all = new ArrayList<>();
            for (int i = 0; i < INVALIDATING; i++) {
                all.add(threads.submit(() -> invalidate(space, invalidating)));
            }
            for (int i = 0; i < READING; i++) {
                all.add(threads.submit(() -> {
                    while (invalidating.get() > 0) {
                        assertInstanceOf(Look.Nothing.class, space.look("k", vouch -> {}));
                    }
                }));
            }
            for (Future<?> one : all) {
                one.get(5, TimeUnit.MINUTES);
            }
        } finally {
            threads.shutdownNow();
            assertTrue(threads.awaitTermination(1, TimeUnit.MINUTES));
        }
    }

    private static void invalidate(SharedSpace<String> space, AtomicInteger invalidating) {
        try {
            for (int round = 0; round < ROUNDS; round++) {
                assertEquals(Invalidation.CONFIRMED, space.invalidateAll());
            }
        } finally {
            invalidating.decrementAndGet();
        }
    }
}
