package dev.getorcreate.redis;

import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.SharedStoreContract;
import dev.getorcreate.testkit.SharedStoreHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The whole contract on a Redis Cluster. */
@Tag("matrix")
class RedisClusterStoreIT extends SharedStoreContract {

    private static RedisCluster cluster;

    @BeforeAll
    static void start() {
        cluster = Servers.need("a Redis Cluster", RedisCluster::start);
    }

    @AfterAll
    static void stop() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Override
    protected SharedStoreHarness newHarness() {
        return RedisHarness.of(cluster);
    }
}
