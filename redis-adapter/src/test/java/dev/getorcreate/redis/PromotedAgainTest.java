package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.SharedSpace;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A server that was a replica for a moment, and took over what its upstream had, without a restart. */
class PromotedAgainTest {

    private static String info(String role, String replicationId) {
        return info(role, replicationId, "b");
    }

    private static String info(String role, String replicationId, String second) {
        return ScriptedRedis.bulk("redis_version:7.2.0\r\nrun_id:same\r\nrole:" + role + "\r\nmaster_replid:"
                + replicationId + "\r\nmaster_replid2:" + second + "\r\n");
    }

    @Test
    void whatItConfirmedBeforeIsSentAgain() {
        AtomicReference<String> info = new AtomicReference<>(info("master", "a"));
        try (ScriptedRedis redis = new ScriptedRedis().says(command -> command.startsWith("INFO") ? info.get() : null);
                RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                        .commandTimeout(Duration.ofSeconds(5))
                        .build()) {
            SharedSpace<String> space = store.open("promoted", KeyCodec.string(), "utf8", key -> {});
            assertEquals(Invalidation.CONFIRMED, space.invalidate("k"));
            Link before = store.links().get(0);
            redis.hangUp();
            await().until(() -> !store.links().isEmpty() && store.links().get(0) != before);
            assertEquals(Invalidation.CONFIRMED, space.invalidate("other"));
            assertEquals(2, redis.count("DEL"), "it is the same as it was");
            info.set(info("slave", "b"));
            long asked = redis.count("INFO");
            redis.hangUp();
            await().until(() -> redis.count("INFO") > asked + 1);
            info.set(info("master", "c"));
            await().until(() -> redis.count("DEL") == 4);
        }
    }

    /** Between two PINGs: nobody ended the connection. */
    @Test
    void soItIsWhereTheConnectionStayed() {
        AtomicReference<String> info = new AtomicReference<>(info("master", "a"));
        try (ScriptedRedis redis = new ScriptedRedis().says(command -> command.startsWith("INFO") ? info.get() : null);
                RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                        .commandTimeout(Duration.ofSeconds(5))
                        .build()) {
            SharedSpace<String> space = store.open("promoted", KeyCodec.string(), "utf8", key -> {});
            assertEquals(Invalidation.CONFIRMED, space.invalidate("k"));
            info.set(info("master", "c"));
            await().until(() -> redis.count("DEL") == 2);
        }
    }

    private static @Nullable String nodeSays(String command, String info, long epoch) {
        return switch (command.split(" ", 2)[0]) {
            case "INFO" -> info;
            case "CLUSTER" ->
                command.equals("CLUSTER INFO")
                        ? ScriptedRedis.bulk("cluster_state:ok\r\ncluster_current_epoch:" + epoch
                                + "\r\ncluster_my_epoch:" + epoch + "\r\n")
                        : null;
            default -> null;
        };
    }

    /** Between two views, which show the same. */
    @Test
    void soItIsForANodeOfACluster() {
        AtomicReference<String> info = new AtomicReference<>(info("master", "a"));
        AtomicLong epoch = new AtomicLong(1);
        try (ScriptedRedis redis = new ScriptedRedis().says(command -> nodeSays(command, info.get(), epoch.get()));
                RedisSharedStore store = RedisSharedStore.cluster(redis.uri())
                        .commandTimeout(Duration.ofSeconds(5))
                        .build()) {
            SharedSpace<String> space = store.open("promoted", KeyCodec.string(), "utf8", key -> {});
            assertEquals(Invalidation.CONFIRMED, space.invalidate("k"));
            info.set(info("master", "c"));
            epoch.set(3);
            await().until(() -> redis.count("DEL") == 2);
        }
    }

    /** As when it gets a slot. One that is a replica goes on sending others to its upstream, until a view shows that. */
    @Test
    void aNodeThatHasAnotherEpochOnlyIsNotGivenUp() {
        AtomicReference<String> info = new AtomicReference<>(info("master", "a"));
        AtomicLong epoch = new AtomicLong(1);
        try (ScriptedRedis redis = new ScriptedRedis().says(command -> nodeSays(command, info.get(), epoch.get()));
                RedisSharedStore store = RedisSharedStore.cluster(redis.uri()).build()) {
            Link link = store.links().get(0);
            for (String now : List.of(info("master", "a"), info("slave", "c"))) {
                info.set(now);
                long asked = redis.count("INFO");
                epoch.incrementAndGet();
                await().until(() -> redis.count("INFO") > asked);
                long pings = redis.count("PING");
                await().until(() -> redis.count("PING") > pings + 1); // its answer was read
                assertSame(link, store.links().get(0));
                assertFalse(link.isLost());
            }
        }
    }

    /** As when its first replica comes, or a backup is taken of one that has none. */
    @Test
    void aServerWhoseHistoryBeginsAnewIsNotGivenUp() {
        String none = "0".repeat(40);
        AtomicReference<String> info = new AtomicReference<>(info("master", "a", none));
        try (ScriptedRedis redis = new ScriptedRedis().says(command -> command.startsWith("INFO") ? info.get() : null);
                RedisSharedStore store = RedisSharedStore.builder(redis.uri()).build()) {
            Link link = store.links().get(0);
            info.set(info("master", "c", none));
            long asked = redis.count("INFO");
            await().until(() -> redis.count("INFO") > asked + 2);
            assertSame(link, store.links().get(0));
            assertFalse(link.isLost());
        }
    }
}
