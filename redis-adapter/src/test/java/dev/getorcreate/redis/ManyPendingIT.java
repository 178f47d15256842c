package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Very many invalidations, made while the server pauses. */
class ManyPendingIT {

    /** The default of what is kept. */
    private static final int MANY = 10_000;

    /** A machine that is too busy for as many invalidates fewer: after twice this time the connection is given up. */
    private static final Duration PAUSE = Duration.ofSeconds(3);

    /** What is done for each must not be done for each of the others too; least of all to hash a key. */
    @Test
    void areAllConfirmedSoonAfterThePauseOverTheSameConnection() {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                        .maxStaleness(Duration.ofSeconds(10))
                        .commandTimeout(Duration.ofSeconds(1))
                        .build()) {
            SharedSpace<String> space = store.open("many", KeyCodec.string(), "utf8", key -> {});
            assertInstanceOf(Look.Nothing.class, space.look("k", vouch -> {}));
            List<Link> before = store.links();
            String key = "k".repeat(300);
            redis.freeze();
            long until = TimeSource.system().nanoTime() + PAUSE.toNanos();
            for (int i = 0; i < MANY && TimeSource.system().nanoTime() < until; i++) {
                assertEquals(Invalidation.PENDING, space.invalidate(key + i));
            }
            assertTrue(store.invalidations().isAnyPending());
            redis.thaw();
            await().until(() -> !store.invalidations().isAnyPending());
            assertEquals(before, store.links());
            await().until(() -> space.invalidate(key) == Invalidation.CONFIRMED);
        }
    }
}
