package dev.getorcreate.bench;

import java.net.URI;
import java.util.Objects;
import java.util.function.Function;
import org.springframework.data.redis.cache.RedisCache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.RedisConnectionFactory;
import org.springframework.data.redis.connection.RedisStandaloneConfiguration;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;

/**
 * Spring's Redis cache on Lettuce, whose one connection its threads share. With the lock-free writer, which is its
 * default, or with the one that looks for a lock of the whole cache before it reads.
 */
final class SpringRedis implements SharedHitContender {

    private final LettuceConnectionFactory factory;
    private final RedisCache cache;

    private SpringRedis(String uri, String name, Function<RedisConnectionFactory, RedisCacheWriter> writer) {
        factory = connected(uri);
        RedisCacheConfiguration configuration = RedisCacheConfiguration.defaultCacheConfig()
                .entryTtl(TIME_TO_LIVE)
                .disableCachingNullValues()
                .serializeValuesWith(SerializationPair.fromSerializer(RedisSerializer.byteArray()));
        cache = (RedisCache) Objects.requireNonNull(RedisCacheManager.builder(writer.apply(factory))
                .cacheDefaults(configuration)
                .build()
                .getCache(name));
    }

    static LettuceConnectionFactory connected(String uri) {
        URI server = URI.create(uri);
        LettuceConnectionFactory factory =
                new LettuceConnectionFactory(new RedisStandaloneConfiguration(server.getHost(), server.getPort()));
        factory.afterPropertiesSet();
        factory.start();
        return factory;
    }

    static SpringRedis nonLocking(String uri) {
        return new SpringRedis(uri, "spring", RedisCacheWriter::nonLockingRedisCacheWriter);
    }

    static SpringRedis locking(String uri) {
        return new SpringRedis(uri, "springLocking", RedisCacheWriter::lockingRedisCacheWriter);
    }

    @Override
    public void fill(String key, byte[] value) {
        cache.put(key, value);
    }

    @Override
    public byte[] get(String key) {
        return Objects.requireNonNull(
                (byte[]) Objects.requireNonNull(cache.get(key)).get());
    }

    @Override
    public void close() {
        factory.destroy();
    }
}
