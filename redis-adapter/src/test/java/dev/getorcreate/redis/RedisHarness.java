package dev.getorcreate.redis;

import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.testkit.RedisProgram;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.SharedStoreHarness;
import dev.getorcreate.testkit.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;

/** A real Redis, and each process's connection to it through a proxy of its own. */
final class RedisHarness implements SharedStoreHarness {

    final RedisServer redis;
    private final Map<SharedStore, TcpProxy> processes = new ConcurrentHashMap<>();

    RedisHarness(RedisProgram program) {
        redis = Servers.need(program.toString(), () -> RedisServer.startOwn(program));
    }

    @Override
    public SharedStore newProcess() {
        TcpProxy proxy = TcpProxy.to(redis.port());
        RedisSharedStore store = RedisSharedStore.builder("redis://127.0.0.1:" + proxy.port())
                .maxStaleness(Duration.ofMillis(400))
                .maxPayload(maxPayload())
                .commandTimeout(Duration.ofSeconds(3))
                .build();
        processes.put(store, proxy);
        return store;
    }

    @Override
    public int maxPayload() {
        return 200_000;
    }

    TcpProxy proxyOf(SharedStore process) {
        return processes.get(process);
    }

    @Override
    public void kill(SharedStore process) {
        // As seen by the server: the connection ends, and nothing more is sent.
        ((RedisSharedStore) process).close();
    }

    @Override
    public void flushAll() {
        redis.command("FLUSHALL");
    }

    @Override
    public void plant(String cache, byte[] key, byte[] bytes) {
        redis.command("SET", whole(cache, key), latin(bytes));
    }

    @Override
    public void plantForeignType(String cache, byte[] key) {
        String whole = whole(cache, key);
        redis.command("DEL", whole);
        redis.command("RPUSH", whole, "x");
    }

    @Override
    public boolean cut(SharedStore process) {
        proxyOf(process).cut();
        return true;
    }

    @Override
    public boolean unreachable(SharedStore process, boolean away) {
        proxyOf(process).refuse(away);
        if (away) {
            proxyOf(process).cut();
        }
        return true;
    }

    @Override
    public boolean dropPushes(SharedStore process, boolean drop) {
        ((RedisSharedStore) process).deafen(drop);
        return true;
    }

    @Override
    public boolean hold(SharedStore process, boolean on) {
        proxyOf(process).holdReplies(on);
        return true;
    }

    @Override
    public void close() {
        processes.keySet().forEach(store -> ((RedisSharedStore) store).close());
        processes.values().forEach(TcpProxy::close);
        redis.close();
    }

    /** As the cache's processes name the key at the moment. */
    private String whole(String cache, byte[] key) {
        String generationKey = latin(new Namespace(cache).generationKey());
        redis.command("SET", generationKey, latin(Generation.newStamp()), "NX");
        String stamp = String.valueOf(redis.command("GET", generationKey));
        return new Namespace(cache).escaped() + ":" + stamp + ":" + latin(key);
    }

    private static String latin(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1);
    }
}
