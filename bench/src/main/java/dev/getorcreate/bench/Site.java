package dev.getorcreate.bench;

import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.redis.RedisSharedStoreBuilder;
import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.RedisServer;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.resource.ClientResources;
import java.util.List;
import java.util.stream.Stream;

/**
 * Redis of one topology, started for a measurement, and how a process gets a store on it.
 *
 * @param uris of its nodes, with commas between
 * @param upstreams as they are at the start
 */
record Site(String topology, String uris, List<RedisServer> upstreams, List<RedisServer> nodes, AutoCloseable end)
        implements AutoCloseable {

    static final String STANDALONE = "standalone";
    static final String CLUSTER = "cluster";

    static Site start(String topology) {
        if (topology.equals(STANDALONE)) {
            RedisServer redis = RedisServer.startOwn();
            return new Site(topology, redis.uri(), List.of(redis), List.of(redis), redis);
        }
        if (!topology.equals(CLUSTER)) {
            throw new IllegalArgumentException(
                    "no topology '" + topology + "': " + STANDALONE + " or " + CLUSTER + " is measured here");
        }
        RedisCluster cluster = RedisCluster.start();
        List<RedisServer> nodes = cluster.nodes();
        List<RedisServer> upstreams = nodes.subList(0, nodes.size() / 2); // the rest are their replicas
        return new Site(topology, String.join(",", cluster.uris()), upstreams, nodes, cluster);
    }

    /** A store of this process, with a client of its own. */
    static RedisSharedStoreBuilder store(String topology, String uris) {
        return topology.equals(CLUSTER) ? RedisSharedStore.cluster(uris.split(",")) : RedisSharedStore.builder(uris);
    }

    /** A client that is to be handed in, and that whoever makes it shuts down. */
    static AbstractRedisClient client(String topology, String uris, ClientResources resources) {
        return topology.equals(CLUSTER)
                ? RedisClusterClient.create(resources, List.of(parsed(uris)))
                : RedisClient.create(resources);
    }

    /** A store of this process over that client. */
    static RedisSharedStoreBuilder store(AbstractRedisClient client, String uris) {
        return client instanceof RedisClusterClient clustered
                ? RedisSharedStore.cluster(clustered, parsed(uris))
                : RedisSharedStore.builder((RedisClient) client, parsed(uris)[0]);
    }

    private static RedisURI[] parsed(String uris) {
        return Stream.of(uris.split(",")).map(RedisURI::create).toArray(RedisURI[]::new);
    }

    RedisSharedStoreBuilder store() {
        return store(topology, uris);
    }

    /** The upstream where a cache's record of that key stands at the moment. */
    RedisServer upstreamWith(String key) {
        return upstreams.stream()
                .filter(each -> each.command("KEYS", "*:" + key) instanceof List<?> found && !found.isEmpty())
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("nobody has '" + key + "'"));
    }

    @Override
    public void close() {
        try {
            end.close();
        } catch (Exception e) {
            throw new IllegalStateException("a server did not end", e);
        }
    }
}
