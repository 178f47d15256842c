package dev.getorcreate;

import dev.getorcreate.spi.Transactions;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/** A cache whose arbiter works in its callers' transactions: a call from inside of one is {@link CallersTransaction}'s. */
final class TransactionalCache<K, V> implements GetOrCreateCache<K, V> {

    private final Engine<K, V> engine;
    private final Transactions transactions;

    TransactionalCache(Engine<K, V> engine, Transactions transactions) {
        this.engine = engine;
        this.transactions = transactions;
    }

    @SuppressWarnings("unchecked") // this engine is the owner of none but these
    private CallersTransaction<K, V> current() {
        return (CallersTransaction<K, V>) transactions.hearer(engine, () -> new CallersTransaction<>(engine));
    }

    @Override
    public V getOrCreate(K key, Creator<? super K, ? extends V> creator) {
        return transactions.isActive() ? current().obtain(key, creator).value() : engine.getOrCreate(key, creator);
    }

    @Override
    public Outcome<V> obtain(K key, Creator<? super K, ? extends V> creator) {
        return transactions.isActive() ? current().obtain(key, creator) : engine.obtain(key, creator);
    }

    /** On the calling thread, if that is in a transaction: no other thread is in it. */
    @Override
    public CompletableFuture<Outcome<V>> obtainAsync(K key, Creator<? super K, ? extends V> creator) {
        if (!transactions.isActive()) {
            return engine.obtainAsync(key, creator);
        }
        try {
            return CompletableFuture.completedFuture(current().obtain(key, creator));
        } catch (Throwable e) { // also what a user's code throws unchecked
            return CompletableFuture.failedFuture(e);
        }
    }

    @Override
    public Optional<V> find(K key) {
        return transactions.isActive() ? current().find(key) : engine.find(key);
    }

    @Override
    public Invalidation invalidate(K key) {
        return isBeforeCommit() ? current().invalidate(key) : engine.invalidate(key);
    }

    @Override
    public Invalidation invalidateAll() {
        return isBeforeCommit() ? current().invalidateAll() : engine.invalidateAll();
    }

    /** Whether others would still find what this thread's transaction has changed as it was. */
    private boolean isBeforeCommit() {
        return transactions.isActive() || transactions.isEnding();
    }

    @Override
    public String name() {
        return engine.name();
    }

    @Override
    public CacheStats stats() {
        return engine.stats();
    }

    @Override
    public void close() {
        engine.close();
    }

    @Override
    public String toString() {
        return engine.toString();
    }
}
