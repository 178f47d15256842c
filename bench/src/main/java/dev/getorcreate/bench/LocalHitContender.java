package dev.getorcreate.bench;

import com.alicp.jetcache.embedded.CaffeineCacheBuilder;
import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.micrometer.CacheMeters;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.RedisServer;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.redisson.Redisson;
import org.redisson.api.RLocalCachedMap;
import org.redisson.api.RedissonClient;
import org.redisson.api.options.LocalCachedMapOptions;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.springframework.cache.caffeine.CaffeineCache;

/** The caches of {@link LocalHit}: each bounded, and expiring unless it is said otherwise. */
final class LocalHitContender {

    static final int KEYS = 10_000;
    private static final int MAX = 2 * KEYS;
    private static final Duration LONG = Duration.ofHours(1);

    private LocalHitContender() {}

    static Cache<String, String> caffeinePlain() {
        return Caffeine.newBuilder().maximumSize(MAX).build();
    }

    static Cache<String, String> caffeineExpiringWithStats() {
        return Caffeine.newBuilder()
                .maximumSize(MAX)
                .expireAfterWrite(LONG)
                .recordStats()
                .build();
    }

    static com.alicp.jetcache.Cache<String, String> jetCache() {
        return CaffeineCacheBuilder.createCaffeineCacheBuilder()
                .limit(MAX)
                .expireAfterWrite(LONG.toSeconds(), TimeUnit.SECONDS)
                .buildCache();
    }

    static CaffeineCache spring() {
        return new CaffeineCache(
                "bench",
                Caffeine.newBuilder()
                        .maximumSize(MAX)
                        .expireAfterWrite(LONG)
                        .recordStats()
                        .build());
    }

    /** This library over a Redis whose word it needs for each hit, with its meters bound. */
    static final class Ours implements AutoCloseable {
        private final RedisServer redis = RedisServer.startOwn();
        private final RedisSharedStore store =
                RedisSharedStore.builder(redis.uri()).build();
        final GetOrCreateCache<String, String> cache;
        private final CacheMeters meters;

        Ours(boolean coarseClock) {
            CacheBuilder<String, String> builder = GetOrCreateCache.<String, String>builder("bench")
                    .local(CaffeineLocal.defaults().maximumSize(MAX).expireAfterWrite(LONG))
                    .shared(store, KeyCodec.string(), Codec.string())
                    .timeToLive(LONG);
            cache = coarseClock ? builder.coarseClock().build() : builder.build();
            meters = CacheMeters.bind(cache, new SimpleMeterRegistry());
        }

        @Override
        public void close() {
            meters.close();
            cache.close();
            store.close();
            redis.close();
        }
    }

    /**
     * Redisson's map with a local cache: made of Caffeine, which takes no keys but hashes of encoded ones, so that each hit
     * encodes its key; or of Redisson's own, which takes the keys themselves if it is told to.
     */
    static final class RedissonMap implements AutoCloseable {
        private final RedisServer redis = RedisServer.startOwn();
        private final RedissonClient client;
        final RLocalCachedMap<String, String> map;

        RedissonMap(boolean objectKeys) {
            Config config = new Config();
            config.useSingleServer().setAddress(redis.uri());
            config.setCodec(StringCodec.INSTANCE);
            client = Redisson.create(config);
            map = Objects.requireNonNull(client.getLocalCachedMap(LocalCachedMapOptions.<String, String>name("bench")
                    .cacheProvider(
                            objectKeys
                                    ? LocalCachedMapOptions.CacheProvider.REDISSON
                                    : LocalCachedMapOptions.CacheProvider.CAFFEINE)
                    .useObjectAsCacheKey(objectKeys)
                    .evictionPolicy(LocalCachedMapOptions.EvictionPolicy.LRU)
                    .cacheSize(MAX)
                    .timeToLive(LONG)
                    .syncStrategy(LocalCachedMapOptions.SyncStrategy.INVALIDATE)
                    .reconnectionStrategy(LocalCachedMapOptions.ReconnectionStrategy.CLEAR)));
        }

        @Override
        public void close() {
            client.shutdown();
            redis.close();
        }
    }
}
