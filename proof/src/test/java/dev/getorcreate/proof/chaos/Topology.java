package dev.getorcreate.proof.chaos;

import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.redis.RedisSharedStoreBuilder;
import dev.getorcreate.testkit.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** The shared store's servers, and what can be done to them and to the ways to them. The only place that knows which. */
interface Topology extends AutoCloseable {

    String STANDALONE = "standalone";
    String SENTINEL = "sentinel";
    String CLUSTER = "cluster";

    /** Those that can be had. */
    List<String> KNOWN = List.of(STANDALONE, SENTINEL, CLUSTER);

    /** Faults in which a confirmed write may be lost, since the replica that takes over may not have it yet. */
    String FAILOVER = "failover";

    String UPSTREAM_KILL = "upstreamKill";

    Set<String> FORGETTING = Set.of(FAILOVER, UPSTREAM_KILL);

    /** Something that lasts for about so many nanoseconds, and is over when this returns. */
    interface Deed {
        void commit(int process, long nanos) throws InterruptedException;
    }

    /** Starts servers, with a way to them for each process. */
    static Topology start(String name, int processes, long seed) {
        return switch (name) {
            case STANDALONE -> new Standalone(seed, processes);
            case SENTINEL -> new BehindSentinels(seed, processes);
            case CLUSTER -> new Clustered(seed, processes);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** In a child: the store on them, by the child's own ways. */
    static RedisSharedStore store(Job job) {
        ClientResources resources = Ways.resources(job.ways());
        RedisURI[] servers = job.redis().stream().map(RedisURI::create).toArray(RedisURI[]::new);
        RedisSharedStoreBuilder builder = job.topology().equals(CLUSTER)
                ? RedisSharedStore.cluster(RedisClusterClient.create(resources, List.of(servers)), servers)
                : RedisSharedStore.builder(RedisClient.create(resources), servers[0]);
        return builder.maxStaleness(Player.MAX_STALENESS)
                .commandTimeout(Patience.of(job.dense()).commandTimeout())
                .build();
    }

    static void killClients(RedisServer redis) {
        redis.command("CLIENT", "KILL", "TYPE", "normal", "SKIPME", "yes");
    }

    /** Not long enough for anybody to take its place. */
    static void freezeBriefly(RedisServer redis, Duration tooLong) throws InterruptedException {
        redis.freeze();
        try {
            Faults.pause(tooLong.toNanos() / 2);
        } finally {
            redis.thaw();
        }
    }

    /** Where they are. */
    List<String> servers();

    /** Those of the processes to them. */
    Ways ways();

    /** By name, what is done to everybody, wherever the process is told of. */
    Map<String, Deed> toAll();

    @Override
    void close();
}
