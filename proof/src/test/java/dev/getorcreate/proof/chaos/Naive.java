package dev.getorcreate.proof.chaos;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import io.lettuce.core.cluster.api.sync.RedisClusterCommands;
import java.sql.SQLException;
import java.util.List;

/** The control: get, miss, look, create, set, as it is usually written. */
final class Naive implements AutoCloseable {

    private final Calls calls;
    private final Records records;
    private final AbstractRedisClient client;
    private final RedisClusterCommands<String, String> redis;

    Naive(Job job, Calls calls, Records records) {
        this.calls = calls;
        this.records = records;
        if (job.topology().equals(Topology.CLUSTER)) {
            List<RedisURI> seeds = job.redis().stream().map(RedisURI::create).toList();
            RedisClusterClient cluster = RedisClusterClient.create(seeds);
            client = cluster;
            redis = cluster.connect().sync();
        } else {
            RedisClient one = RedisClient.create(job.redis().get(0));
            client = one;
            redis = one.connect().sync();
        }
    }

    void getOrCreate(String key) {
        String cached = redis.get(key);
        if (cached != null) {
            return;
        }
        try {
            Value row = records.find(key);
            if (row == null) {
                calls.work(key);
                row = records.insert(key, calls.newIdentity());
            }
            redis.set(key, row.toString());
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
