package dev.getorcreate.redis;

import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.RedisProgram;
import dev.getorcreate.testkit.RedisSentinels;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.SharedStoreHarness;
import dev.getorcreate.testkit.TcpProxy;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Real servers, of whatever topology, and processes that reach each of them through a proxy of their own. */
final class RedisHarness implements SharedStoreHarness {

    /** Servers that several tests share end with the last one. */
    private static final AutoCloseable SHARED = () -> {};

    private static final Pattern GETS = Pattern.compile("cmdstat_get:calls=(\\d+)");

    private final Function<ManyServers, RedisSharedStoreBuilder> connecting;
    private final Function<String, RedisServer> upstreamOf;
    private final Supplier<List<RedisServer>> upstreams;
    private final AutoCloseable own;
    private final Map<SharedStore, ManyServers> processes = new ConcurrentHashMap<>();

    private RedisHarness(
            Function<ManyServers, RedisSharedStoreBuilder> connecting,
            Function<String, RedisServer> upstreamOf,
            Supplier<List<RedisServer>> upstreams,
            AutoCloseable own) {
        this.own = own;
        this.connecting = connecting;
        this.upstreamOf = upstreamOf;
        this.upstreams = upstreams;
        flushAll();
    }

    /** A server of its own, which ends with it. */
    static RedisHarness of(RedisProgram program) {
        RedisServer redis = Servers.need(program.toString(), () -> RedisServer.startOwn(program));
        return new RedisHarness(
                servers -> RedisSharedStore.builder(servers.one, RedisURI.create(redis.uri())),
                key -> redis,
                () -> List.of(redis),
                redis);
    }

    static RedisHarness of(RedisCluster cluster) {
        RedisURI[] uris = cluster.uris().stream().map(RedisURI::create).toArray(RedisURI[]::new);
        return new RedisHarness(
                servers -> RedisSharedStore.cluster(servers.cluster, uris),
                key -> cluster.upstreamOf(SlotHash.getSlot(key.getBytes(StandardCharsets.ISO_8859_1))),
                () -> List.of(cluster.upstreamOf(0), cluster.upstreamOf(8_000), cluster.upstreamOf(16_383)),
                SHARED);
    }

    static RedisHarness of(RedisSentinels sentinels) {
        return new RedisHarness(
                servers -> RedisSharedStore.builder(servers.one, RedisURI.create(sentinels.uri())),
                key -> sentinels.upstream(),
                () -> List.of(sentinels.upstream()),
                SHARED);
    }

    @Override
    public SharedStore newProcess(Duration maxStaleness) {
        ManyServers servers = new ManyServers();
        RedisSharedStore store = connecting
                .apply(servers)
                .maxStaleness(maxStaleness)
                .maxPayload(maxPayload())
                .commandTimeout(Duration.ofSeconds(3))
                .build();
        processes.put(store, servers);
        return store;
    }

    @Override
    public int maxPayload() {
        return 200_000;
    }

    @Override
    public void kill(SharedStore process) {
        ((RedisSharedStore) process).close();
    }

    @Override
    public void flushAll() {
        upstreams.get().forEach(server -> server.command("FLUSHALL"));
    }

    @Override
    public void plant(String cache, byte[] key, byte[] bytes) {
        String whole = whole(cache, key);
        upstreamOf.apply(whole).command("SET", whole, latin(bytes));
    }

    @Override
    public void plantForeignType(String cache, byte[] key) {
        String whole = whole(cache, key);
        upstreamOf.apply(whole).command("DEL", whole);
        upstreamOf.apply(whole).command("RPUSH", whole, "x");
    }

    /** As the cache's processes name the key at the moment. */
    private String whole(String cache, byte[] key) {
        String generationKey = latin(new Namespace(cache).generationKey());
        RedisServer server = upstreamOf.apply(generationKey);
        server.command("SET", generationKey, latin(Generation.newStamp()), "NX");
        return new Namespace(cache).escaped() + ":" + server.command("GET", generationKey) + ":" + latin(key);
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
    public long reads() {
        return upstreams.get().stream().mapToLong(RedisHarness::gets).sum();
    }

    /** Of records: a cache's generation is read otherwise. */
    private static long gets(RedisServer server) {
        Matcher found = GETS.matcher(String.valueOf(server.command("INFO", "commandstats")));
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }

    @Override
    public void close() {
        List<AutoCloseable> opened = new ArrayList<>(List.of(own));
        processes.forEach((store, servers) -> {
            opened.add(servers);
            opened.add((RedisSharedStore) store);
        });
        Closing.lastFirst(opened);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
