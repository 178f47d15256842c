package dev.getorcreate.proof.chaos;

import dev.getorcreate.testkit.RedisSentinels;
import dev.getorcreate.testkit.RedisServer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** An upstream and its replicas, and the Sentinels that replace it. */
final class BehindSentinels implements Topology {

    private final RedisSentinels redis = RedisSentinels.start("chaos");
    private final Ways ways;

    BehindSentinels(long seed, int processes) {
        List<RedisServer> all = new ArrayList<>(redis.servers());
        all.addAll(redis.sentinels());
        this.ways = new Ways(seed, processes, all);
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
        all.put("clientKill", (process, nanos) -> Topology.killClients(redis.upstream()));
        all.put("flushAll", (process, nanos) -> redis.upstream().command("FLUSHALL"));
        all.put("redisFreeze", (process, nanos) -> Topology.freezeBriefly(redis.upstream(), RedisSentinels.DOWN_AFTER));
        all.put(FAILOVER, (process, nanos) -> {
            redis.failover();
            redis.awaitReplicas(); // until then the old one takes itself for the upstream
        });
        all.put(UPSTREAM_KILL, (process, nanos) -> {
            RedisServer old = redis.upstream();
            old.kill();
            redis.awaitUpstreamOtherThan(old);
            old.restart();
            redis.awaitReplicas();
        });
        return all;
    }

    @Override
    public void close() {
        ways.close();
        redis.close();
    }
}
