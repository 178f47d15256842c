package dev.getorcreate.bench;

import com.alicp.jetcache.Cache;
import com.alicp.jetcache.MultiLevelCacheBuilder;
import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.alicp.jetcache.redis.lettuce.RedisLettuceCacheBuilder;
import com.alicp.jetcache.support.Fastjson2KeyConvertor;
import com.alicp.jetcache.support.Kryo5ValueDecoder;
import com.alicp.jetcache.support.Kryo5ValueEncoder;
import io.lettuce.core.RedisClient;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;

/**
 * JetCache with both levels and its protection against stampedes, which is one per process ('@CachePenetrationProtect' in
 * its documentation), and with Kryo, which its documentation calls smaller and faster than Java's own serialization.
 */
final class JetCacheContender implements Contender {

    private final RedisClient client;
    private final Cache<String, String> cache;

    JetCacheContender(String uri, Duration timeToLive) {
        client = RedisClient.create(uri);
        Cache<String, String> local = CaffeineCacheBuilder.createCaffeineCacheBuilder()
                .limit(10_000)
                .expireAfterWrite(timeToLive.toSeconds(), TimeUnit.SECONDS)
                .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
                .buildCache();
        Cache<String, String> remote = RedisLettuceCacheBuilder.createRedisLettuceCacheBuilder()
                .redisClient(client)
                .keyPrefix("jetcache:")
                .keyConvertor(Fastjson2KeyConvertor.INSTANCE)
                .valueEncoder(Kryo5ValueEncoder.INSTANCE)
                .valueDecoder(Kryo5ValueDecoder.INSTANCE)
                .expireAfterWrite(timeToLive.toSeconds(), TimeUnit.SECONDS)
                .buildCache();
        cache = MultiLevelCacheBuilder.createMultiLevelCacheBuilder()
                .addCache(local, remote)
                .expireAfterWrite(timeToLive.toSeconds(), TimeUnit.SECONDS)
                .cachePenetrateProtect(true)
                .buildCache();
    }

    @Override
    public String getOrCreate(String key, UnaryOperator<String> creator) {
        return cache.computeIfAbsent(key, creator);
    }

    @Override
    public void close() {
        cache.close();
        client.shutdown();
    }
}
