package dev.getorcreate.testkit.interleavings;

import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** A real local tier, each access to which is a step. */
final class SteppedLocal implements LocalTier {

    private final LocalTier real;
    private final Proc proc;

    SteppedLocal(LocalTier real, Proc proc) {
        this.real = real;
        this.proc = proc;
    }

    /** The entry and its flight as one thing: whatever sits at the key of this process. */
    static String entry(Proc proc, Object key) {
        return "future of " + proc.name + " at " + key;
    }

    @Override
    public Duration expireAfterWrite() {
        return real.expireAfterWrite();
    }

    @Override
    public <K, V> LocalStore<K, V> open(String cache, TimeSource time) {
        return new Store<>(real.open(cache, time));
    }

    private final class Store<K, V> implements LocalStore<K, V> {

        private final LocalStore<K, V> store;

        Store(LocalStore<K, V> store) {
            this.store = store;
        }

        @Override
        public @Nullable CompletableFuture<V> peek(K key) {
            step("peek", key, SteppedProcess.mayChangeWhatItSees());
            // What is found is judged by its connection's word.
            Steps.touches(SteppedSharedStore.connection(proc), false);
            CompletableFuture<V> there = store.peek(key);
            Steps.answers(there == null ? "nothing" : there.isDone() ? "an entry" : "a flight");
            return there;
        }

        @Override
        public CompletableFuture<V> joinOrStart(K key, CompletableFuture<V> mine) {
            step("join or start", key, false);
            Steps.touches(SteppedSharedStore.connection(proc), false);
            CompletableFuture<V> there = store.joinOrStart(key, mine);
            if (there == mine) {
                Steps.touches(entry(proc, key), true);
                var unused = mine.whenComplete((value, error) -> Steps.touches(entry(proc, key), true));
            }
            Steps.answers(there == mine ? "starts" : there.isDone() ? "an entry" : "joins");
            return there;
        }

        @Override
        public boolean remove(K key, CompletableFuture<V> exactly) {
            step("unlink", key, true);
            return store.remove(key, exactly);
        }

        private void step(String what, K key, boolean written) {
            Steps.point(what + " " + key);
            Steps.touches(entry(proc, key), written);
        }

        @Override
        public void clear() {
            store.clear();
        }

        @Override
        public long size() {
            return store.size();
        }
    }
}
