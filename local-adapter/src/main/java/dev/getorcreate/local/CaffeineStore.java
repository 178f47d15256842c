package dev.getorcreate.local;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Flights and entries in one {@code AsyncCache}. Only its asynchronous views are used: the synchronous one's
 * {@code remove} would wait for the flight, on the network's thread.
 *
 * <p>A read costs no clock here. Each entry carries its own deadline, which the engine judges; Caffeine's expiry only
 * frees memory, and for that a coarse clock is enough: it is set at every miss and every completion. Should Caffeine hear
 * of a completion before that, it dates it by the last miss; so it lets entries live for twice as long as they are served.
 */
final class CaffeineStore<K, V> implements LocalStore<K, V> {

    private final AsyncCache<K, V> cache;
    private final TimeSource time;
    /** Guard: atomic; never set back, or an entry that had expired would be there again. */
    private final AtomicLong coarse;

    CaffeineStore(long maximumSize, Duration expireAfterWrite, TimeSource time) {
        this.time = time;
        this.coarse = new AtomicLong(time.nanoTime());
        this.cache = Caffeine.newBuilder()
                .maximumSize(maximumSize)
                .expireAfterWrite(expireAfterWrite.multipliedBy(2))
                .ticker(coarse::get)
                .buildAsync();
    }

    @Override
    public @Nullable CompletableFuture<V> peek(K key) {
        return cache.getIfPresent(key);
    }

    @Override
    public CompletableFuture<V> joinOrStart(K key, CompletableFuture<V> mine) {
        tick();
        CompletableFuture<V> there = cache.asMap().computeIfAbsent(key, absent -> mine);
        if (there == mine) {
            // What is added last runs first: before Caffeine dates the completion.
            var unused = mine.whenComplete((value, error) -> tick());
        }
        return there;
    }

    @Override
    public boolean remove(K key, CompletableFuture<V> exactly) {
        // Futures do not override equals, so this is by identity.
        return cache.asMap().remove(key, exactly);
    }

    @Override
    public void clear() {
        cache.asMap().clear();
    }

    @Override
    public long size() {
        tick();
        return cache.asMap().size();
    }

    private void tick() {
        coarse.accumulateAndGet(time.nanoTime(), Math::max);
    }
}
