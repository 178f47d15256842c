package dev.getorcreate.bench;

import io.lettuce.core.RedisClient;
import io.lettuce.core.ScriptOutputType;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.UUID;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import java.util.function.UnaryOperator;

/**
 * The lock of Redis' own documentation, with a token and a script to let it go, and a poll for whoever did not get it:
 * what one writes by hand. Its page: redis.io, 'Distributed Locks with Redis', correct implementation with a single instance.
 * How long to sleep it leaves open; redis-py's lock and Spring Integration's registry of locks sleep 100 ms.
 */
final class PolledSetNx implements Contender {

    private static final Duration LEASE = Duration.ofSeconds(30);
    private static final String UNLOCK =
            "if redis.call('get', KEYS[1]) == ARGV[1] then return redis.call('del', KEYS[1]) else return 0 end";

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    private final Duration timeToLive;
    private final long pollNanos;

    PolledSetNx(String uri, Duration timeToLive, long pollMillis) {
        this.timeToLive = timeToLive;
        this.pollNanos = TimeUnit.MILLISECONDS.toNanos(pollMillis);
        client = RedisClient.create(uri);
        connection = client.connect();
    }

    @Override
    public String getOrCreate(String key, UnaryOperator<String> creator) {
        String lock = "lock:" + key;
        String token = UUID.randomUUID().toString();
        while (true) {
            String there = connection.sync().get(key);
            if (there != null) {
                return there;
            }
            if (connection.sync().set(lock, token, SetArgs.Builder.nx().px(LEASE)) != null) {
                return locked(key, lock, token, creator);
            }
            LockSupport.parkNanos(pollNanos);
        }
    }

    private String locked(String key, String lock, String token, UnaryOperator<String> creator) {
        try {
            String now = connection.sync().get(key);
            if (now != null) {
                return now;
            }
            String made = creator.apply(key);
            String unused = connection.sync().set(key, made, SetArgs.Builder.px(timeToLive));
            return made;
        } finally {
            Long unused = connection.sync().eval(UNLOCK, ScriptOutputType.INTEGER, new String[] {lock}, token);
        }
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
