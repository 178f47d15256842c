package dev.getorcreate.bench;

import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.redis.RedisSharedStoreBuilder;
import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.RedisServer;
import io.lettuce.core.cluster.SlotHash;
import java.util.List;

/** Servers of which one is promoted when another one dies. */
interface UpstreamGroup extends AutoCloseable {

    /** For a table. */
    String name();

    /** What decides how soon another one is promoted. */
    String settings();

    /** By which a client finds them. */
    List<String> uris();

    boolean isCluster();

    default RedisSharedStoreBuilder store() {
        return isCluster()
                ? RedisSharedStore.cluster(uris().toArray(String[]::new))
                : RedisSharedStore.builder(uris().get(0));
    }

    /** What keys of this trial begin with; on a Cluster, it also decides on which upstream they are. */
    String keysOf(int trial);

    /** The upstream with the trial's keys. */
    RedisServer upstream(int trial);

    /** Brings a killed one back, and waits until all is as it was. */
    void heal(RedisServer killed);

    @Override
    void close();

    /** Three upstreams with a replica each; the trials take them in turn. */
    record Cluster(RedisCluster servers) implements UpstreamGroup {

        private static final int UPSTREAMS = 3;

        @Override
        public String name() {
            return "Cluster";
        }

        @Override
        public String settings() {
            return "cluster-node-timeout " + RedisCluster.NODE_TIMEOUT.toMillis();
        }

        @Override
        public List<String> uris() {
            return servers.uris();
        }

        @Override
        public boolean isCluster() {
            return true;
        }

        /** A hash tag in each third of the slots. */
        private static String tag(int trial) {
            int third = trial % UPSTREAMS;
            int candidate = 0;
            while (SlotHash.getSlot("t" + candidate) * UPSTREAMS / SlotHash.SLOT_COUNT != third) {
                candidate++;
            }
            return "t" + candidate;
        }

        @Override
        public String keysOf(int trial) {
            return "{" + tag(trial) + "}trial" + trial + "-";
        }

        @Override
        public RedisServer upstream(int trial) {
            return servers.upstreamOf(SlotHash.getSlot(tag(trial)));
        }

        @Override
        public void heal(RedisServer killed) {
            killed.restart();
            servers.awaitAgreement();
        }

        @Override
        public void close() {
            servers.close();
        }
    }
}
