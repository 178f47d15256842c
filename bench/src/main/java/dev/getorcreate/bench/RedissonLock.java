package dev.getorcreate.bench;

import dev.getorcreate.Creator;
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.redisson.Redisson;
import org.redisson.api.RBucket;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.RedisException;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;

/** Get; if missing, lock, get again, ask the table as one does by hand, set. As Redisson's documentation would have it. */
class RedissonLock implements TroubleWay {

    private static final long STARTING = TimeUnit.SECONDS.toNanos(30);

    final HandWritten table;
    private final RedissonClient client;

    /** As it comes. */
    RedissonLock(String uri, DataSource table) {
        this(config(uri), table);
    }

    RedissonLock(Config config, DataSource table) {
        this.client = start(config);
        this.table = new HandWritten(table);
    }

    /** A process that has just begun on a busy machine may be late for the answers to its own first PINGs: then once more. */
    private static RedissonClient start(Config config) {
        long end = System.nanoTime() + STARTING;
        while (true) {
            try {
                return Redisson.create(config);
            } catch (RedisException e) {
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
            }
        }
    }

    static Config config(String uri) {
        Config config = new Config();
        config.useSingleServer().setAddress(uri);
        config.setCodec(StringCodec.INSTANCE);
        return config;
    }

    /** What decides how long its callers wait, for a table. */
    static String settings(Config config) {
        SingleServerConfig server = config.useSingleServer();
        return String.format(
                "timeout %d ms, retryAttempts %d, retryDelay %s, connectTimeout %d ms, subscriptionTimeout %d ms,"
                        + " lockWatchdogTimeout %d ms",
                server.getTimeout(),
                server.getRetryAttempts(),
                delays(server),
                server.getConnectTimeout(),
                server.getSubscriptionTimeout(),
                config.getLockWatchdogTimeout());
    }

    private static String delays(SingleServerConfig server) {
        if (server.getRetryAttempts() == 0) {
            return "of no use then";
        }
        StringBuilder delays = new StringBuilder();
        for (int attempt = 0; attempt < server.getRetryAttempts(); attempt++) {
            delays.append(attempt == 0 ? "" : "/")
                    .append(server.getRetryDelay().calcDelay(attempt).toMillis());
        }
        return server.getRetryDelay().getClass().getSimpleName() + " (now " + delays + " ms)";
    }

    @Override
    public Answer getOrCreate(String key, Creator<String, String> creator) throws Exception {
        RBucket<String> bucket = client.getBucket(key);
        String there = bucket.get();
        if (there != null) {
            return new Answer(there, SHARED);
        }
        RLock lock = client.getLock(lockOf(key));
        lock.lock();
        try {
            String now = bucket.get();
            if (now != null) {
                return new Answer(now, SHARED);
            }
            String record = table.getOrCreate(key, creator).value();
            bucket.set(record, TIME_TO_LIVE);
            return new Answer(record, TABLE);
        } finally {
            unlock(lock);
        }
    }

    static String lockOf(String key) {
        return "lock:" + key;
    }

    void unlock(RLock lock) {
        lock.unlock();
    }

    @Override
    public void close() {
        client.shutdown();
    }
}
