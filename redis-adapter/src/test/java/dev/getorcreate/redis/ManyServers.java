package dev.getorcreate.redis;

import dev.getorcreate.testkit.TcpProxy;
import io.lettuce.core.RedisClient;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * One process's way to several servers: a proxy of its own before each, which it is led through whatever address the
 * servers name for one another. Its clients are the application's, so they show too that those are never closed.
 */
final class ManyServers implements AutoCloseable {

    private final Map<Integer, TcpProxy> proxies = new ConcurrentHashMap<>();
    private final ClientResources resources;
    /** Guard: volatile. */
    private volatile boolean refusing;

    final RedisClient one;
    final RedisClusterClient cluster;

    ManyServers() {
        this.resources = DefaultClientResources.builder()
                .socketAddressResolver(MappingSocketAddressResolver.create(this::throughProxy))
                .build();
        this.one = RedisClient.create(resources);
        this.cluster = RedisClusterClient.create(resources, "redis://127.0.0.1:1");
    }

    private HostAndPort throughProxy(HostAndPort address) {
        return HostAndPort.of("127.0.0.1", proxy(address.getPort()).port());
    }

    /** Before the server that listens there. */
    TcpProxy proxy(int port) {
        return proxies.computeIfAbsent(port, to -> {
            TcpProxy fresh = TcpProxy.to(to);
            fresh.refuse(refusing);
            return fresh;
        });
    }

    void each(Consumer<TcpProxy> what) {
        proxies.values().forEach(what);
    }

    void refuse(boolean away) {
        refusing = away;
        each(proxy -> {
            proxy.refuse(away);
            if (away) {
                proxy.cut();
            }
        });
    }

    @Override
    public void close() {
        one.shutdown(0, 1, TimeUnit.SECONDS);
        cluster.shutdown(0, 1, TimeUnit.SECONDS);
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        each(TcpProxy::close);
    }
}
