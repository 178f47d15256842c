package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
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
import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** As many invalidations as are kept, made while the server pauses. */
class ManyPendingIT {

    /** The default of what is kept. */
    private static final int MANY = 10_000;

    /** Of short keys, and of such as are hashed. What is done for each must not be done for each of the others too. */
    @ParameterizedTest
    @ValueSource(ints = {1, 300})
    void areAllConfirmedSoonAfterThePauseOverTheSameConnection(int length) {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                        .maxStaleness(Duration.ofSeconds(4)) // the pause may be as long on a busy machine
                        .build()) {
            SharedSpace<String> space = store.open("many", KeyCodec.string(), "utf8", key -> {});
            assertInstanceOf(Look.Nothing.class, space.look("k", vouch -> {}));
            List<Link> before = store.links();
            String key = "k".repeat(length);
            redis.freeze();
            for (int i = 0; i < MANY; i++) {
                assertEquals(Invalidation.PENDING, space.invalidate(key + i));
            }
            assertTrue(store.invalidations().isAnyPending());
            redis.thaw();
            await().atMost(Duration.ofSeconds(2))
                    .until(() -> !store.invalidations().isAnyPending());
            assertEquals(before, store.links());
            await().until(() -> space.invalidate(key) == Invalidation.CONFIRMED);
        }
    }
}
