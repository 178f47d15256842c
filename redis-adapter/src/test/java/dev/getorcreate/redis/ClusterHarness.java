package dev.getorcreate.redis;

import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.SharedStoreHarness;
import dev.getorcreate.testkit.TcpProxy;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/** A real Redis Cluster that several tests share, and processes that reach each node through a proxy of their own. */
final class ClusterHarness implements SharedStoreHarness {

    private final RedisCluster cluster;
    private final Map<SharedStore, ManyServers> processes = new ConcurrentHashMap<>();

    ClusterHarness(RedisCluster cluster) {
        this.cluster = cluster;
        flushAll();
    }

    @Override
    public SharedStore newProcess() {
        ManyServers servers = new ManyServers();
        RedisSharedStore store = RedisSharedStore.cluster(
                        servers.cluster,
                        cluster.uris().stream().map(RedisURI::create).toArray(RedisURI[]::new))
                .maxStaleness(Duration.ofMillis(400))
                .commandTimeout(Duration.ofSeconds(3))
                .build();
        processes.put(store, servers);
        return store;
    }

    @Override
    public void kill(SharedStore process) {
        ((RedisSharedStore) process).close();
    }

    @Override
    public void flushAll() {
        for (RedisServer node : upstreams()) {
            node.command("FLUSHALL");
        }
    }

    private Set<RedisServer> upstreams() {
        return Set.of(cluster.upstreamOf(0), cluster.upstreamOf(8_000), cluster.upstreamOf(16_383));
    }

    @Override
    public void plant(String cache, byte[] key, byte[] bytes) {
        String whole = whole(cache, key);
        at(whole).command("SET", whole, latin(bytes));
    }

    @Override
    public void plantForeignType(String cache, byte[] key) {
        String whole = whole(cache, key);
        at(whole).command("DEL", whole);
        at(whole).command("RPUSH", whole, "x");
    }

    private RedisServer at(String whole) {
        return cluster.upstreamOf(
                io.lettuce.core.cluster.SlotHash.getSlot(whole.getBytes(StandardCharsets.ISO_8859_1)));
    }

    private String whole(String cache, byte[] key) {
        String generationKey = latin(new Namespace(cache).generationKey());
        at(generationKey).command("SET", generationKey, latin(Generation.newStamp()), "NX");
        return new Namespace(cache).escaped() + ":" + at(generationKey).command("GET", generationKey) + ":"
                + latin(key);
    }

    @Override
    public boolean cut(SharedStore process) {
        processes.get(process).each(TcpProxy::cut);
        return true;
    }

    @Override
    public boolean unreachable(SharedStore process, boolean away) {
        processes.get(process).refuse(away);
        return true;
    }

    @Override
    public boolean dropPushes(SharedStore process, boolean drop) {
        ((RedisSharedStore) process).deafen(drop);
        return true;
    }

    @Override
    public boolean hold(SharedStore process, boolean on) {
        processes.get(process).each(proxy -> proxy.holdReplies(on));
        return true;
    }

    @Override
    public void close() {
        processes.forEach((store, servers) -> {
            ((RedisSharedStore) store).close();
            try {
                servers.close();
            } catch (Exception e) {
                throw new IllegalStateException(e);
            }
        });
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
