package dev.getorcreate;

import java.util.Objects;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A cache whose keys are made alike before anything else is done with them. */
final class CanonicalCache<K, V> implements GetOrCreateCache<K, V> {

    private final GetOrCreateCache<K, V> cache;
    private final UnaryOperator<K> canonicalKey;

    CanonicalCache(GetOrCreateCache<K, V> cache, UnaryOperator<K> canonicalKey) {
        this.cache = cache;
        this.canonicalKey = canonicalKey;
    }

    private K canonical(K key) {
        @Nullable K made = canonicalKey.apply(Objects.requireNonNull(key, "key"));
        if (made == null) {
            throw new IllegalArgumentException("canonicalKey gave null for a key of cache '" + name() + "'");
        }
        return made;
    }

    @Override
    public V getOrCreate(K key, Creator<? super K, ? extends V> creator) {
        return cache.getOrCreate(canonical(key), creator);
    }

    @Override
    public Outcome<V> obtain(K key, Creator<? super K, ? extends V> creator) {
        return cache.obtain(canonical(key), creator);
    }

    @Override
    public CompletableFuture<Outcome<V>> obtainAsync(K key, Creator<? super K, ? extends V> creator) {
        K made;
        try {
            made = canonical(key);
        } catch (RuntimeException e) {
            return CompletableFuture.failedFuture(e);
        }
        return cache.obtainAsync(made, creator);
    }

    @Override
    public Optional<V> find(K key) {
        return cache.find(canonical(key));
    }

    @Override
    public Invalidation invalidate(K key) {
        return cache.invalidate(canonical(key));
    }

    @Override
    public Invalidation invalidateAll() {
        return cache.invalidateAll();
    }

    @Override
    public String name() {
        return cache.name();
    }

    @Override
    public CacheStats stats() {
        return cache.stats();
    }

    @Override
    public void close() {
        cache.close();
    }

    @Override
    public String toString() {
        return cache.toString();
    }
}
