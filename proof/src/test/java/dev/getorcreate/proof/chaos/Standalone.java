package dev.getorcreate.proof.chaos;

import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One Redis, and a proxy for each process. */
final class Standalone implements Topology {

    private static final Duration SLOW = Duration.ofMillis(120);

    private final RedisServer redis = RedisServer.startOwn();
    private final List<TcpProxy> proxies = new ArrayList<>();

    Standalone(int processes) {
        for (int i = 0; i < processes; i++) {
            proxies.add(TcpProxy.to(redis.port()));
        }
    }

    @Override
    public List<String> servers(int process) {
        return List.of("redis://127.0.0.1:" + proxies.get(process).port());
    }

    @Override
    public Map<String, Deed> toOne() {
        Map<String, Deed> all = new LinkedHashMap<>();
        all.put("cut", (process, nanos) -> proxies.get(process).cut());
        all.put("unreachable", (process, nanos) -> {
            proxies.get(process).refuse(true);
            proxies.get(process).cut();
            Faults.pause(nanos);
            proxies.get(process).refuse(false);
        });
        all.put("blackHole", (process, nanos) -> {
            TcpProxy proxy = proxies.get(process);
            proxy.blackHole(true);
            Faults.pause(nanos);
            // What was swallowed would be missing from the middle of a stream, which no network does.
            proxy.cut();
            proxy.blackHole(false);
            proxy.cut();
        });
        all.put("lateDelivery", (process, nanos) -> {
            TcpProxy proxy = proxies.get(process);
            proxy.hold(TcpProxy.Direction.TO_SERVER);
            proxy.hold(TcpProxy.Direction.TO_CLIENT);
            Faults.pause(nanos);
            proxy.resume(TcpProxy.Direction.TO_SERVER);
            proxy.resume(TcpProxy.Direction.TO_CLIENT);
        });
        all.put("lateReplies", (process, nanos) -> {
            proxies.get(process).holdReplies(true);
            Faults.pause(nanos);
            proxies.get(process).holdReplies(false);
        });
        all.put("slowNetwork", (process, nanos) -> {
            proxies.get(process).delay(SLOW);
            Faults.pause(nanos);
            proxies.get(process).delay(Duration.ZERO);
        });
        return all;
    }

    @Override
    public Map<String, Deed> toAll() {
        Map<String, Deed> all = new LinkedHashMap<>();
        all.put("clientKill", (process, nanos) -> Topology.killClients(redis));
        all.put("flushAll", (process, nanos) -> redis.command("FLUSHALL"));
        all.put("redisFreeze", (process, nanos) -> {
            redis.freeze();
            Faults.pause(Math.min(nanos, 1_500_000_000L));
            redis.thaw();
        });
        all.put("redisRestart", (process, nanos) -> {
            redis.kill();
            Faults.pause(nanos / 4);
            redis.restart();
        });
        return all;
    }

    @Override
    public void close() {
        proxies.forEach(TcpProxy::close);
        redis.close();
    }
}
