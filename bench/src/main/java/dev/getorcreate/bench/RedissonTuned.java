package dev.getorcreate.bench;

import dev.getorcreate.Creator;
import javax.sql.DataSource;
import org.redisson.api.RLock;
import org.redisson.client.RedisException;
import org.redisson.config.Config;

/**
 * The same with what Redisson's documentation lets one set against trouble: a watchdog as long as our lease, a time-out as
 * long as ours and no attempt after it, and the table alone where Redis fails.
 */
final class RedissonTuned extends RedissonLock {

    private static final int LEASE_MILLIS = 2000;
    private static final int TIMEOUT_MILLIS = 250;

    RedissonTuned(String uri, DataSource table) {
        super(config(uri), table);
    }

    static Config config(String uri) {
        Config config = RedissonLock.config(uri).setLockWatchdogTimeout(LEASE_MILLIS);
        config.useSingleServer().setTimeout(TIMEOUT_MILLIS).setRetryAttempts(0);
        return config;
    }

    @Override
    public Answer getOrCreate(String key, Creator<String, String> creator) throws Exception {
        try {
            return super.getOrCreate(key, creator);
        } catch (RedisException e) {
            return new Answer(table.getOrCreate(key, creator).value(), TABLE);
        }
    }

    /** Whose lease is over has nothing to give back, and a lock that Redis cannot be told of ends by itself. */
    @Override
    void unlock(RLock lock) {
        try {
            super.unlock(lock);
        } catch (RedisException | IllegalMonitorStateException e) {
            // The caller has its record: that is what it asked for.
        }
    }
}
