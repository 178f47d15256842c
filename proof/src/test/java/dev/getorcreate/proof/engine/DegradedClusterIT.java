package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.RedisProgram;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** As {@link DegradedIT}, with what only a Cluster can answer. */
@Tag("once")
class DegradedClusterIT {

    private static final Duration COMMAND_TIMEOUT = Duration.ofMillis(250);
    private static final Duration BOUND = COMMAND_TIMEOUT.plusSeconds(1);
    private static final Duration LONG_ENOUGH = Duration.ofMillis(1800);
    private static final String KEY = "bounced";

    /** Each begins with the slot at its owner, which gets it back at the end: no other node may take what it had. */
    enum ClusterTrouble {
        /** A slot that nobody has: the whole cluster refuses to serve. */
        CLUSTERDOWN {
            @Override
            void begin(RedisCluster cluster, RedisServer owner, String slot) {
                owner.command("CLUSTER", "DELSLOTS", slot);
            }

            @Override
            void end(RedisServer owner, String slot) {
                owner.command("CLUSTER", "ADDSLOTS", slot);
            }
        },
        /** Each of two nodes says that the other one has the slot. */
        MOVED {
            @Override
            void begin(RedisCluster cluster, RedisServer owner, String slot) {
                give(cluster.node(0), slot, cluster.node(1));
                give(cluster.node(1), slot, cluster.node(0));
            }

            @Override
            void end(RedisServer owner, String slot) {
                give(owner, slot, owner);
            }
        };

        abstract void begin(RedisCluster cluster, RedisServer owner, String slot);

        abstract void end(RedisServer owner, String slot);

        private static void give(RedisServer teller, String slot, RedisServer owner) {
            Object id = owner.command("CLUSTER", "MYID");
            teller.command("CLUSTER", "SETSLOT", slot, "NODE", String.valueOf(id));
        }
    }

    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final RedisCluster cluster =
            Servers.need("Redis Cluster", () -> RedisCluster.start(RedisProgram.REDIS_7_0, 2));
    private final List<AutoCloseable> open = new ArrayList<>(List.of(cluster));

    @AfterEach
    void close() {
        Closing.lastFirst(open);
    }

    private GetOrCreateCache<String, String> cache(Combination tiers) {
        RedisSharedStore store = RedisSharedStore.cluster(cluster.node(0).uri())
                .commandTimeout(COMMAND_TIMEOUT)
                .maxStaleness(Duration.ofMillis(500))
                .build();
        open.add(store);
        GetOrCreateCache<String, String> cache =
                tiers.builder("degraded", store, table).build();
        open.add(cache);
        return cache;
    }

    private String whole(String key) {
        String generation = "degraded:generation";
        return "degraded:" + cluster.upstreamOf(generation).command("GET", generation) + ":" + key;
    }

    private void during(ClusterTrouble trouble, Consumer<String> call) {
        int number = cluster.slot(whole(KEY));
        RedisServer owner = cluster.upstreamOf(number);
        String slot = Integer.toString(number);
        trouble.begin(cluster, owner, slot);
        try {
            Awaitility.await(trouble.name())
                    .during(LONG_ENOUGH)
                    .atMost(Duration.ofSeconds(20))
                    .pollInterval(Duration.ofMillis(30))
                    .until(() -> {
                        call.accept(KEY);
                        return true;
                    });
        } finally {
            trouble.end(owner, slot);
        }
    }

    private void awaitBack(GetOrCreateCache<String, String> cache) {
        Awaitility.await("it is used again").atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                cache.getOrCreate(KEY, k -> "made");
                String whole = whole(KEY);
                return Long.valueOf(1).equals(cluster.upstreamOf(whole).command("EXISTS", whole));
            } catch (SharedStoreUnavailableException e) {
                return false;
            }
        });
    }

    @ParameterizedTest
    @EnumSource
    void withAnArbiterNoCallerSeesItAndItIsUsedAgainOnceItIsOver(ClusterTrouble trouble) {
        var cache = cache(Combination.ALL);
        cache.getOrCreate("old", key -> "v");
        during(trouble, key -> {
            assertEquals("made", cache.getOrCreate(key, k -> "made"));
            assertEquals("v", cache.getOrCreate("old", k -> "never"));
            cache.invalidate(key);
        });
        awaitBack(cache);
    }

    @ParameterizedTest
    @EnumSource
    void withoutAnArbiterCallersFailSoonAndLearnWhyUntilItIsOver(ClusterTrouble trouble) {
        var cache = cache(Combination.LOCAL_SHARED);
        cache.getOrCreate("old", key -> "v");
        AtomicInteger failed = new AtomicInteger();
        during(trouble, key -> {
            long before = TimeSource.system().nanoTime();
            try {
                cache.getOrCreate(key, k -> "made");
            } catch (SharedStoreUnavailableException e) {
                failed.incrementAndGet();
                String told = String.valueOf(e.getMessage());
                assertTrue(told.contains(trouble.name()) || told.contains("known to have the key's slot"), told);
            }
            long took = TimeSource.system().nanoTime() - before;
            assertTrue(took < BOUND.toNanos(), trouble + ": " + Duration.ofNanos(took));
        });
        assertTrue(failed.get() > 3, "the trouble was real: " + failed);
        awaitBack(cache);
    }
}
