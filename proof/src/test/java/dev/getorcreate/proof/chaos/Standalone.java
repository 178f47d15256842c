package dev.getorcreate.proof.chaos;

import dev.getorcreate.testkit.RedisServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** One Redis. */
final class Standalone implements Topology {

    private final RedisServer redis = RedisServer.startOwn();
    private final Ways ways;

    Standalone(long seed, int processes) {
        this.ways = new Ways(seed, processes, List.of(redis));
    }

    @Override
    public List<String> servers() {
        return List.of(redis.uri());
    }

    @Override
    public Ways ways() {
        return ways;
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
        ways.close();
        redis.close();
    }
}
