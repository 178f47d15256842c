package dev.getorcreate.testkit;

import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import java.time.Duration;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/** The local tier's twin on the JDK's own maps: exact where a real one is approximate, and slow where that is fast. */
public final class InMemoryLocal implements LocalTier {

    private final long maximumSize;
    private final Duration expireAfterWrite;

    /** Keeps at most so many entries, each for so long. */
    public InMemoryLocal(long maximumSize, Duration expireAfterWrite) {
        this.maximumSize = maximumSize;
        this.expireAfterWrite = expireAfterWrite;
    }

    @Override
    public Duration expireAfterWrite() {
        return expireAfterWrite;
    }

    @Override
    public <K, V> LocalStore<K, V> open(String cache, TimeSource time) {
        return new Store<>(maximumSize, expireAfterWrite.toNanos(), time);
    }

    private static final class Store<K, V> implements LocalStore<K, V> {

        private final long maximumSize;
        private final long expireNanos;
        private final TimeSource time;
        private final Map<K, CompletableFuture<V>> map = new ConcurrentHashMap<>();

        /** Those of the map that are done, the eldest first. Guarded by itself; nothing waits while holding it. */
        private final Map<K, Done<V>> done = new LinkedHashMap<>();

        private record Done<V>(CompletableFuture<V> future, long at) {}

        Store(long maximumSize, long expireNanos, TimeSource time) {
            this.maximumSize = maximumSize;
            this.expireNanos = expireNanos;
            this.time = time;
        }

        @Override
        public @Nullable CompletableFuture<V> peek(K key) {
            return map.get(key);
        }

        @Override
        public CompletableFuture<V> joinOrStart(K key, CompletableFuture<V> mine) {
            evict();
            CompletableFuture<V> there = map.putIfAbsent(key, mine);
            if (there != null) {
                return there;
            }
            var unused = mine.whenComplete((value, error) -> stored(key, mine));
            return mine;
        }

        @Override
        public boolean remove(K key, CompletableFuture<V> exactly) {
            boolean removed = map.remove(key, exactly);
            synchronized (done) {
                Done<V> entry = done.get(key);
                if (entry != null && entry.future() == exactly) {
                    done.remove(key);
                }
            }
            return removed;
        }

        @Override
        public void clear() {
            synchronized (done) {
                map.clear();
                done.clear();
            }
        }

        @Override
        public long size() {
            evict();
            return map.size();
        }

        private void stored(K key, CompletableFuture<V> future) {
            synchronized (done) {
                if (map.get(key) == future) {
                    done.remove(key);
                    done.put(key, new Done<>(future, time.nanoTime()));
                }
            }
            evict();
        }

        private void evict() {
            synchronized (done) {
                Iterator<Map.Entry<K, Done<V>>> eldest = done.entrySet().iterator();
                while (eldest.hasNext()) {
                    Map.Entry<K, Done<V>> entry = eldest.next();
                    boolean young = time.nanoTime() - entry.getValue().at() < expireNanos;
                    if (young && done.size() <= maximumSize) {
                        return;
                    }
                    map.remove(entry.getKey(), entry.getValue().future());
                    eldest.remove();
                }
            }
        }
    }
}
