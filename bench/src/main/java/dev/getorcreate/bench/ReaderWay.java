package dev.getorcreate.bench;

import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.TcpProxy;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import java.nio.charset.StandardCharsets;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** One process's own way to each server: through a proxy before it, whatever addresses the servers name to each other. */
final class ReaderWay implements AutoCloseable {

    /** For a process that goes directly. */
    static final String DIRECT = "-";

    private final Map<Integer, TcpProxy> proxies = new TreeMap<>();

    ReaderWay(Site site) {
        site.nodes().forEach(node -> proxies.put(node.port(), TcpProxy.to(node.port())));
    }

    /** For {@link #resources}, in another process. */
    String argument() {
        return proxies.entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue().port())
                .collect(Collectors.joining(","));
    }

    /** Those of a client that goes that way; null: any client does. */
    static @Nullable ClientResources resources(String argument) {
        if (argument.equals(DIRECT)) {
            return null;
        }
        Map<Integer, Integer> ports = Stream.of(argument.split(","))
                .map(pair -> pair.split("="))
                .collect(Collectors.toMap(pair -> Integer.valueOf(pair[0]), pair -> Integer.valueOf(pair[1])));
        Function<HostAndPort, HostAndPort> through = address -> HostAndPort.of(
                "127.0.0.1",
                Objects.requireNonNull(ports.get(address.getPort()), "a way to port " + address.getPort()));
        return DefaultClientResources.builder()
                .socketAddressResolver(MappingSocketAddressResolver.create(through))
                .build();
    }

    Collection<TcpProxy> toAll() {
        return proxies.values();
    }

    TcpProxy to(RedisServer server) {
        return Objects.requireNonNull(proxies.get(server.port()), "a proxy to " + server.uri());
    }

    /** That every connection goes this way is what the measurement stands on. */
    void requireUsed(List<RedisServer> upstreams) {
        for (RedisServer upstream : upstreams) {
            if (to(upstream).connections().isEmpty()) {
                throw new IllegalStateException("the reader does not go through its proxy to " + upstream.uri());
            }
        }
    }

    /** Waits until a PING's answer has just come by. */
    static void awaitPong(TcpProxy proxy) throws InterruptedException {
        CountDownLatch seen = new CountDownLatch(1);
        proxy.onServerBytes(part -> {
            if (new String(part, StandardCharsets.ISO_8859_1).contains("+PONG")) {
                seen.countDown();
            }
        });
        boolean came = seen.await(10, TimeUnit.SECONDS);
        proxy.onServerBytes(part -> {});
        if (!came) {
            throw new IllegalStateException("no PING was answered in 10 s");
        }
    }

    @Override
    public void close() {
        proxies.values().forEach(TcpProxy::close);
    }
}
