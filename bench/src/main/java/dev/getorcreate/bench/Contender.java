package dev.getorcreate.bench;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.function.UnaryOperator;
import org.redisson.Redisson;
import org.redisson.api.RBucket;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;

/** One way to get or create a record over Redis, in one process. */
interface Contender extends AutoCloseable {

    String getOrCreate(String key, UnaryOperator<String> creator);

    @Override
    void close();

    /** In the order of the tables. */
    List<String> NAMES = List.of(
            "ours",
            OursAfterHits.NAME,
            "redissonLock",
            "redissonLockBehindCaffeine",
            "springSync",
            "jetCache",
            "setNxPoll",
            "setNxPoll10",
            "caffeineAlone",
            "naive");

    static Contender named(String name, String uri, Duration timeToLive) {
        return switch (name) {
            case "ours" -> new Ours(uri, timeToLive, CaffeineLocal.defaults());
            case OursAfterHits.NAME -> new OursAfterHits(uri, timeToLive);
            case "redissonLock" -> new RedissonLock(uri, timeToLive);
            case "redissonLockBehindCaffeine" -> new LockBehindCaffeine(uri, timeToLive);
            case "naive" -> new Naive(uri, timeToLive);
            case "caffeineAlone" -> new CaffeineAlone(timeToLive);
            case "setNxPoll" -> new PolledSetNx(uri, timeToLive, 100);
            case "setNxPoll10" -> new PolledSetNx(uri, timeToLive, 10);
            case "springSync" -> new SpringSync(uri, timeToLive);
            case "jetCache" -> new JetCacheContender(uri, timeToLive);
            default -> throw new IllegalArgumentException("no contender '" + name + "'");
        };
    }

    /** This library: Caffeine and Redis, no arbiter. */
    final class Ours implements Contender {
        private final RedisSharedStore store;
        private final GetOrCreateCache<String, String> cache;

        /**
         * Not with the default time-out: while several processes that have just begun share few processors, or were
         * stopped, calls fail that the others wait for. Lettuce's own is 60 s, and Redisson's 3.
         */
        Ours(String uri, Duration timeToLive, CaffeineLocal local) {
            store = RedisSharedStore.builder(uri)
                    .commandTimeout(Duration.ofSeconds(5))
                    .build();
            cache = GetOrCreateCache.<String, String>builder("bench")
                    .local(local)
                    .shared(store, KeyCodec.string(), Codec.string())
                    .timeToLive(timeToLive)
                    .build();
        }

        @Override
        public String getOrCreate(String key, UnaryOperator<String> creator) {
            return cache.getOrCreate(key, creator::apply);
        }

        /** Where it has what somebody else has published. */
        Source find(String key) {
            return cache.obtain(key, missing -> {
                        throw new IllegalStateException("'" + missing + "' was not published");
                    })
                    .source();
        }

        @Override
        public void close() {
            cache.close();
            store.close();
        }
    }

    /** Get; if missing, lock, get again, create, set. As Redisson's documentation would have it. */
    final class RedissonLock implements Contender {
        private final RedissonClient client;
        private final Duration timeToLive;

        RedissonLock(String uri, Duration timeToLive) {
            this.timeToLive = timeToLive;
            Config config = new Config();
            config.useSingleServer().setAddress(uri);
            config.setCodec(StringCodec.INSTANCE);
            client = Redisson.create(config);
        }

        @Override
        public String getOrCreate(String key, UnaryOperator<String> creator) {
            RBucket<String> bucket = client.getBucket(key);
            String there = bucket.get();
            if (there != null) {
                return there;
            }
            RLock lock = client.getLock("lock:" + key);
            lock.lock();
            try {
                String now = bucket.get();
                if (now != null) {
                    return now;
                }
                String made = creator.apply(key);
                bucket.set(made, timeToLive);
                return made;
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            client.shutdown();
        }
    }

    /** The lock at its best: a process's callers are one in Caffeine, so that processes contend for it and not threads. */
    final class LockBehindCaffeine implements Contender {
        private final RedissonLock lock;
        private final CaffeineAlone front;

        LockBehindCaffeine(String uri, Duration timeToLive) {
            lock = new RedissonLock(uri, timeToLive);
            front = new CaffeineAlone(timeToLive);
        }

        @Override
        public String getOrCreate(String key, UnaryOperator<String> creator) {
            return front.getOrCreate(key, missing -> lock.getOrCreate(missing, creator));
        }

        @Override
        public void close() {
            front.close();
            lock.close();
        }
    }

    /** Get; if missing, create and set: what this library replaces. */
    final class Naive implements Contender {
        private final RedisClient client;
        private final StatefulRedisConnection<String, String> connection;
        private final Duration timeToLive;

        Naive(String uri, Duration timeToLive) {
            this.timeToLive = timeToLive;
            client = RedisClient.create(uri);
            connection = client.connect();
        }

        @Override
        public String getOrCreate(String key, UnaryOperator<String> creator) {
            String there = connection.sync().get(key);
            if (there != null) {
                return there;
            }
            String made = creator.apply(key);
            String unused = connection.sync().set(key, made, SetArgs.Builder.px(timeToLive));
            return made;
        }

        @Override
        public void close() {
            connection.close();
            client.shutdown();
        }
    }
}
