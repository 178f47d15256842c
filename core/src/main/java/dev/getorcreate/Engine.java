package dev.getorcreate;

import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

final class Engine<K, V> implements GetOrCreateCache<K, V> {
    Engine(
            String name,
            Knobs knobs,
            @Nullable LocalTier local,
            CacheBuilder.@Nullable Shared<K, V> shared,
            @Nullable Arbiter<K, V> arbiter,
            @Nullable Executor executor,
            CacheListener listener,
            TimeSource time) {}

    @Override
    public V getOrCreate(K key, Creator<? super K, ? extends V> creator) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Outcome<V> obtain(K key, Creator<? super K, ? extends V> creator) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Outcome<V>> obtainAsync(K key, Creator<? super K, ? extends V> creator) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<V> find(K key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Invalidation invalidate(K key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public String name() {
        throw new UnsupportedOperationException();
    }

    @Override
    public CacheStats stats() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
