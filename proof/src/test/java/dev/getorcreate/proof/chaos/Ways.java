package dev.getorcreate.proof.chaos;

import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.TcpProxy;
import io.lettuce.core.internal.HostAndPort;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.MappingSocketAddressResolver;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.function.Consumer;
import java.util.function.UnaryOperator;
import java.util.stream.Collectors;

/**
 * Of each process its own way to each server, so that something can be done to it alone. A server goes on naming the ports
 * at which it listens: each process translates.
 */
final class Ways implements AutoCloseable {

    private static final Duration SLOW = Duration.ofMillis(120);

    private final Random random;
    /** By process, and then by the server's port. */
    private final List<Map<Integer, TcpProxy>> all = new ArrayList<>();

    Ways(long seed, int processes, Collection<RedisServer> servers) {
        this.random = new Random(seed);
        for (int i = 0; i < processes; i++) {
            Map<Integer, TcpProxy> own = new LinkedHashMap<>();
            servers.forEach(server -> own.put(server.port(), TcpProxy.to(server.port())));
            all.add(own);
        }
    }

    /** For a process: where it really connects, by port. */
    Map<Integer, Integer> of(int process) {
        return all.get(process).entrySet().stream().collect(Collectors.toMap(Map.Entry::getKey, way -> way.getValue()
                .port()));
    }

    /** In a child: what makes all its connections take these ways. */
    static ClientResources resources(Map<Integer, Integer> ways) {
        UnaryOperator<HostAndPort> way = server -> {
            Integer port = ways.get(server.getPort());
            return port == null ? server : HostAndPort.of(server.getHostText(), port);
        };
        return ClientResources.builder()
                .socketAddressResolver(MappingSocketAddressResolver.create(way))
                .build();
    }

    /** By name, what can be done to the ways of one process: to all of them, or to one. */
    Map<String, Topology.Deed> faults() {
        Map<String, Topology.Deed> faults = new LinkedHashMap<>();
        faults.put("cut", (process, nanos) -> some(process).forEach(TcpProxy::cut));
        faults.put(
                "unreachable",
                lasting(
                        way -> {
                            way.refuse(true);
                            way.cut();
                        },
                        way -> way.refuse(false)));
        faults.put(
                "blackHole",
                lasting(
                        way -> way.blackHole(true),
                        // What was swallowed would be missing from the middle of a stream, which no network does.
                        way -> {
                            way.cut();
                            way.blackHole(false);
                            way.cut();
                        }));
        faults.put(
                "lateDelivery",
                lasting(
                        way -> {
                            way.hold(TcpProxy.Direction.TO_SERVER);
                            way.hold(TcpProxy.Direction.TO_CLIENT);
                        },
                        way -> {
                            way.resume(TcpProxy.Direction.TO_SERVER);
                            way.resume(TcpProxy.Direction.TO_CLIENT);
                        }));
        faults.put("lateReplies", lasting(way -> way.holdReplies(true), way -> way.holdReplies(false)));
        faults.put("slowNetwork", lasting(way -> way.delay(SLOW), way -> way.delay(Duration.ZERO)));
        return faults;
    }

    private Topology.Deed lasting(Consumer<TcpProxy> begin, Consumer<TcpProxy> end) {
        return (process, nanos) -> {
            List<TcpProxy> ways = some(process);
            ways.forEach(begin);
            try {
                Faults.pause(nanos);
            } finally {
                ways.forEach(end);
            }
        };
    }

    private List<TcpProxy> some(int process) {
        List<TcpProxy> own = List.copyOf(all.get(process).values());
        return random.nextBoolean() ? own : List.of(own.get(random.nextInt(own.size())));
    }

    @Override
    public void close() {
        all.forEach(own -> own.values().forEach(TcpProxy::close));
    }
}
