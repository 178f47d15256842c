package dev.getorcreate.micrometer;

import dev.getorcreate.CacheStats;
import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** Counters of any height, which no real cache reaches in a test; it answers nothing. */
record StubCache(String name, CacheStats stats) implements GetOrCreateCache<String, String> {

    @Override
    public String getOrCreate(String key, Creator<? super String, ? extends String> creator) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Outcome<String> obtain(String key, Creator<? super String, ? extends String> creator) {
        throw new UnsupportedOperationException();
    }

    @Override
    public CompletableFuture<Outcome<String>> obtainAsync(
            String key, Creator<? super String, ? extends String> creator) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Optional<String> find(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Invalidation invalidate(String key) {
        throw new UnsupportedOperationException();
    }

    @Override
    public Invalidation invalidateAll() {
        throw new UnsupportedOperationException();
    }

    @Override
    public void close() {}
}
