package dev.getorcreate;

import dev.getorcreate.spi.LocalStore;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** Where there is no local tier: one flight a key, and nothing once it has landed (the engine unlinks it). */
final class FlightMap<K, V> implements LocalStore<K, V> {

    private final ConcurrentHashMap<K, CompletableFuture<V>> flights = new ConcurrentHashMap<>();

    @Override
    public @Nullable CompletableFuture<V> peek(K key) {
        return flights.get(key);
    }

    @Override
    public CompletableFuture<V> joinOrStart(K key, CompletableFuture<V> mine) {
        CompletableFuture<V> there = flights.putIfAbsent(key, mine);
        return there == null ? mine : there;
    }

    @Override
    public boolean remove(K key, CompletableFuture<V> exactly) {
        // Futures do not override equals, so this is by identity.
        return flights.remove(key, exactly);
    }

    @Override
    public void clear() {
        flights.clear();
    }

    @Override
    public long size() {
        return flights.size();
    }
}
