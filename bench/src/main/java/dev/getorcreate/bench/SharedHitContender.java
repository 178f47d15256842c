package dev.getorcreate.bench;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Kryo5ValueDecoder;
import com.alicp.jetcache.support.Kryo5ValueEncoder;
import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RedissonClient;
import org.redisson.config.Config;

/** One way to read a record that is in Redis, and nowhere in the process. Values are bytes, so that no codec is measured. */
interface SharedHitContender extends AutoCloseable {

    Duration TIME_TO_LIVE = Duration.ofHours(6);

    /** In the order of the tables; ours is compared with each of the first two. */
    List<String> NAMES =
            List.of("lettuceGet", "lettuceGetTuned", "ours", "redisson", "jetCache", "spring", "springLocking");

    static SharedHitContender named(String name, String uri) {
        return switch (name) {
            case "lettuceGet" -> SharedHitLettuce.plain(uri);
            case "lettuceGetTuned" -> SharedHitLettuce.tuned(uri);
            case "ours" -> new Ours(uri);
            case "redisson" -> new RedissonBucket(uri);
            case "jetCache" -> new JetCacheRemote(uri);
            case "spring" -> SpringRedis.nonLocking(uri);
            case "springLocking" -> SpringRedis.locking(uri);
            default -> throw new IllegalArgumentException("no contender '" + name + "'; known are " + NAMES);
        };
    }

    /** Before anything is measured. */
    void fill(String key, byte[] value);

    byte[] get(String key);

    @Override
    void close();

    /** This library without a local tier. Bounded staleness and single flight are on, as they always are. */
    final class Ours implements SharedHitContender {
        private static final Creator<String, byte[]> NEVER = key -> {
            throw new IllegalStateException("'" + key + "' was not in Redis");
        };

        private final RedisSharedStore store;
        private final GetOrCreateCache<String, byte[]> cache;

        Ours(String uri) {
            store = RedisSharedStore.builder(uri).build();
            cache = GetOrCreateCache.<String, byte[]>builder("bench")
                    .shared(store, KeyCodec.string(), Codec.bytes())
                    .timeToLive(TIME_TO_LIVE)
                    .build();
        }

        @Override
        public void fill(String key, byte[] value) {
            byte[] unused = cache.getOrCreate(key, same -> value);
        }

        @Override
        public byte[] get(String key) {
            return cache.getOrCreate(key, NEVER);
        }

        @Override
        public void close() {
            cache.close();
            store.close();
        }
    }

    /** A bucket, its plainest and quickest object, without the codec that it would use otherwise. */
    final class RedissonBucket implements SharedHitContender {
        private final RedissonClient client;

        RedissonBucket(String uri) {
            Config config = new Config();
            config.useSingleServer().setAddress(uri);
            config.setCodec(org.redisson.client.codec.ByteArrayCodec.INSTANCE);
            client = Redisson.create(config);
        }

        @Override
        public void fill(String key, byte[] value) {
            client.<byte[]>getBucket("redisson:" + key).set(value, TIME_TO_LIVE);
        }

        @Override
        public byte[] get(String key) {
            return client.<byte[]>getBucket("redisson:" + key).get();
        }

        @Override
        public void close() {
            client.shutdown();
        }
    }

    /** Its remote cache on Lettuce. It stores a holder with times of its own, so there must be an encoder: Kryo. */
    final class JetCacheRemote implements SharedHitContender {
        private final RedisClient client;
        private final Cache<String, byte[]> cache;

        JetCacheRemote(String uri) {
            client = RedisClient.create(uri);
            cache = RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
                    .redisClient(client)
                    .keyPrefix("jetcache:")
                    .valueEncoder(Kryo5ValueEncoder.INSTANCE)
                    .valueDecoder(Kryo5ValueDecoder.INSTANCE)
                    .expireAfterWrite(TIME_TO_LIVE.toSeconds(), TimeUnit.SECONDS)
                    .buildCache();
        }

        @Override
        public void fill(String key, byte[] value) {
            cache.put(key, value);
        }

        @Override
        public byte[] get(String key) {
            return Objects.requireNonNull(cache.get(key));
        }

        @Override
        public void close() {
            cache.close();
            client.shutdown();
        }
    }
}
