package dev.getorcreate.bench;

import java.time.Duration;
import java.util.Objects;
import java.util.function.UnaryOperator;
import org.springframework.data.redis.cache.RedisCache;
import org.springframework.data.redis.cache.RedisCacheConfiguration;
import org.springframework.data.redis.cache.RedisCacheManager;
import org.springframework.data.redis.cache.RedisCacheWriter;
import org.springframework.data.redis.connection.lettuce.LettuceConnectionFactory;
import org.springframework.data.redis.serializer.RedisSerializationContext.SerializationPair;
import org.springframework.data.redis.serializer.RedisSerializer;

/**
 * {@code @Cacheable(sync = true)} on Spring's Redis cache with the locking writer, which its reference recommends where a
 * value must not be computed twice ('Redis Cache': locking cache writer).
 */
final class SpringSync implements Contender {

    private final LettuceConnectionFactory factory;
    private final RedisCache cache;

    SpringSync(String uri, Duration timeToLive) {
        factory = SpringRedis.connected(uri);
        RedisCacheConfiguration configuration = RedisCacheConfiguration.defaultCacheConfig()
                .entryTtl(timeToLive)
                .serializeValuesWith(SerializationPair.fromSerializer(RedisSerializer.string()));
        cache = (RedisCache)
                Objects.requireNonNull(RedisCacheManager.builder(RedisCacheWriter.lockingRedisCacheWriter(factory))
                        .cacheDefaults(configuration)
                        .build()
                        .getCache("bench"));
    }

    @Override
    public String getOrCreate(String key, UnaryOperator<String> creator) {
        return Objects.requireNonNull(cache.get(key, () -> creator.apply(key)));
    }

    @Override
    public void close() {
        factory.destroy();
    }
}
