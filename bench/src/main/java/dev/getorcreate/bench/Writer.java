package dev.getorcreate.bench;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.redis.RedisSharedStore;
import java.time.Duration;

/** This process as the one that invalidates; directly, whatever way the readers go. */
final class Writer implements AutoCloseable {

    /** When an invalidation was called and when it was confirmed. */
    record Confirmed(long calledAt, long confirmedAt) {}

    private final RedisSharedStore store;
    private final GetOrCreateCache<String, String> cache;

    Writer(Site site) {
        // A long one: a machine that pauses is no reason for a PENDING here.
        store = site.store().commandTimeout(Duration.ofSeconds(5)).build();
        cache = CoherenceReader.cache(store);
    }

    Confirmed invalidate(String key) {
        long calledAt = System.nanoTime();
        Invalidation said = cache.invalidate(key);
        long confirmedAt = System.nanoTime();
        if (said != Invalidation.CONFIRMED) {
            throw new IllegalStateException("the invalidation of '" + key + "' is " + said);
        }
        return new Confirmed(calledAt, confirmedAt);
    }

    @Override
    public void close() {
        cache.close();
        store.close();
    }
}
