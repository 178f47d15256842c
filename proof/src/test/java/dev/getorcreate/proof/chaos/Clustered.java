package dev.getorcreate.proof.chaos;

import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.RedisServer;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;

/** A Redis Cluster of three upstreams and a replica of each. */
final class Clustered implements Topology {

    private final RedisCluster redis = RedisCluster.start();
    private final Ways ways;
    private final Random random;

    Clustered(long seed, int processes) {
        this.ways = new Ways(seed, processes, redis.nodes());
        this.random = new Random(seed);
    }

    @Override
    public List<String> servers() {
        return redis.uris();
    }

    @Override
    public Ways ways() {
        return ways;
    }

    @Override
    public Map<String, Deed> toAll() {
        Map<String, Deed> all = new LinkedHashMap<>();
        all.put("clientKill", (process, nanos) -> Topology.killClients(anyUpstream()));
        all.put("flushAll", (process, nanos) -> anyUpstream().command("FLUSHALL"));
        all.put("redisFreeze", (process, nanos) -> Topology.freezeBriefly(anyUpstream(), RedisCluster.NODE_TIMEOUT));
        all.put("handover", (process, nanos) -> redis.failover(anySlot()));
        all.put("slotMigration", (process, nanos) -> moveSomeKey());
        all.put(UPSTREAM_KILL, (process, nanos) -> {
            int slot = anySlot();
            RedisServer old = redis.upstreamOf(slot);
            old.kill();
            redis.upstreamOf(slot); // waits until its replica serves
            old.restart();
            redis.awaitAgreement();
        });
        return all;
    }

    private int anySlot() {
        return random.nextInt(16_384);
    }

    private RedisServer anyUpstream() {
        return redis.upstreamOf(anySlot());
    }

    /** The slot of a key that is there. */
    private void moveSomeKey() {
        RedisServer from = anyUpstream();
        Object key = from.command("RANDOMKEY");
        int slot = key == null ? anySlot() : redis.slot(String.valueOf(key));
        RedisServer to = anyUpstream();
        if (!to.uri().equals(redis.upstreamOf(slot).uri())) {
            redis.migrate(slot, to);
        }
    }

    @Override
    public void close() {
        ways.close();
        redis.close();
    }
}
