package dev.getorcreate.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Caffeine in each process, and nothing between them: each makes one, so there are as many records as processes. What one
 * pays for joining threads alone.
 */
final class CaffeineAlone implements Contender {

    private final Cache<String, String> cache;

    CaffeineAlone(Duration timeToLive) {
        cache = Caffeine.newBuilder()
                .maximumSize(10_000)
                .expireAfterWrite(timeToLive)
                .build();
    }

    @Override
    public String getOrCreate(String key, UnaryOperator<String> creator) {
        return cache.get(key, creator);
    }

    @Override
    public void close() {}
}
