package dev.getorcreate.redis;

import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.testkit.RedisSentinels;
import dev.getorcreate.testkit.SharedStoreHarness;
import dev.getorcreate.testkit.TcpProxy;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A Redis behind Sentinels that several tests share, and processes that reach each server through their own proxies. */
final class SentinelHarness implements SharedStoreHarness {

    private final RedisSentinels sentinels;
    private final Map<SharedStore, ManyServers> processes = new ConcurrentHashMap<>();

    SentinelHarness(RedisSentinels sentinels) {
        this.sentinels = sentinels;
        flushAll();
    }

    @Override
    public SharedStore newProcess() {
        ManyServers servers = new ManyServers();
        RedisSharedStore store = RedisSharedStore.builder(servers.one, RedisURI.create(sentinels.uri()))
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
        sentinels.upstream().command("FLUSHALL");
    }

    @Override
    public void plant(String cache, byte[] key, byte[] bytes) {
        sentinels.upstream().command("SET", whole(cache, key), latin(bytes));
    }

    @Override
    public void plantForeignType(String cache, byte[] key) {
        String whole = whole(cache, key);
        sentinels.upstream().command("DEL", whole);
        sentinels.upstream().command("RPUSH", whole, "x");
    }

    private String whole(String cache, byte[] key) {
        String generationKey = latin(new Namespace(cache).generationKey());
        sentinels.upstream().command("SET", generationKey, latin(Generation.newStamp()), "NX");
        String stamp = String.valueOf(sentinels.upstream().command("GET", generationKey));
        return new Namespace(cache).escaped() + ":" + stamp + ":" + latin(key);
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
