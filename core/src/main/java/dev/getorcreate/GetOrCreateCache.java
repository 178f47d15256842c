package dev.getorcreate;

import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * A cache-aside that has no check and no set, but one operation, decided at each tier by one atomic step: at most one
 * record per key, however many threads and processes ask at the same moment.
 *
 * <p>What is promised depends on the tiers that the cache was built with:
 *
 * <table>
 * <caption>Guarantees by configuration</caption>
 * <tr><th>tiers</th><th>one creator run</th><th>at most one row</th><th>coherence of local entries</th></tr>
 * <tr><td>arbiter</td><td>per call, joiners aside</td><td>yes</td><td>n/a: nothing is kept, each call is a {@code find}</td></tr>
 * <tr><td>local</td><td>per process</td><td>no</td><td>this process alone</td></tr>
 * <tr><td>local + arbiter</td><td>per process</td><td>yes</td><td>by expiry only</td></tr>
 * <tr><td>shared</td><td>per cluster, while the shared store keeps its word and holders live</td><td>no</td><td>n/a</td></tr>
 * <tr><td>local + shared</td><td>as above</td><td>no</td><td>at most {@code maxStaleness} behind</td></tr>
 * <tr><td>shared + arbiter, all three</td><td>as above</td><td>yes, whatever the shared store does</td><td>as above</td></tr>
 * </table>
 *
 * <p>To change or delete a record: change the row, commit, then {@link #invalidate}. All methods are safe for use by
 * several threads. Keys need {@code equals} and {@code hashCode}; neither keys nor values may be null. Keys and values must
 * be immutable, or never changed once handed over: with a local tier, and for callers who waited together, everybody gets
 * the same object.
 */
public interface GetOrCreateCache<K, V> extends AutoCloseable {

    /**
     * Begins a cache.
     *
     * @param name stands in the shared store's keys and in metrics. It is all that tells one cache's keys there from
     *     another's: processes that use the same name share records, also those of different applications. So where a
     *     store serves several, put the application's name in: {@code shop.users}
     */
    static <K, V> CacheBuilder<K, V> builder(String name) {
        return new CacheBuilder<>(name);
    }

    /**
     * The record of the key; where there is none, the creator's, provided nobody else got there first.
     *
     * <p>A fresh local entry answers without a lock, an allocation or a round trip. Otherwise this blocks: for one round
     * trip if the shared store has the record; while the creator runs on this very thread; or while somebody else
     * creates, for at most {@code waitTimeout}. A {@code waitTimeout} is counted over nested calls together.
     *
     * @throws CacheException see its subclasses; an unchecked exception of the creator passes unchanged to this caller
     *     and to those of this process that waited for it
     */
    V getOrCreate(K key, Creator<? super K, ? extends V> creator);

    /** As {@link #getOrCreate}, and says where the answer came from. */
    Outcome<V> obtain(K key, Creator<? super K, ? extends V> creator);

    /**
     * As {@link #obtain}, without blocking the calling thread. Hits, and callers that join a resolution in progress, use
     * no thread; one that starts a resolution runs it on the cache's executor. If a caller that blocks asks for the key
     * before the executor comes to that, it resolves the key itself, by its own creator, and this one waits for it.
     * Cancelling or completing the returned future touches nothing that others share. What is chained to it without {@code Async} runs on the thread that ends
     * the resolution, which may be another caller's and in that caller's transaction: it must neither block nor write there.
     * Where the arbiter joins callers' transactions, those who join a resolution are answered on the executor; a call from
     * inside of such a transaction blocks, and resolves on the calling thread: no other is in that transaction.
     *
     * <p>Failures complete the future exceptionally, with what {@link #getOrCreate} would throw; a null key or creator alone
     * may be thrown at once.
     */
    CompletableFuture<Outcome<V>> obtainAsync(K key, Creator<? super K, ? extends V> creator);

    /**
     * The record of the key, if there is one: from the local entry, the shared store or the arbiter. Never creates, and
     * never waits for somebody who does. Do not build a get-then-set on it: that is what {@link #getOrCreate} is for.
     *
     * <p>It publishes nothing. A row that it finds in the arbiter is kept in this process alone, with a shared tier for at
     * most {@code maxStaleness}; that there is none is not kept. So what is to be cached is asked for by {@link #getOrCreate},
     * whose creator may throw.
     *
     * <p>Blocks, unless a local entry answers: for the shared store, usually one round trip, at most about two of its
     * command time-outs; then for the arbiter's find. While the shared store is away, it waits before that for one of
     * {@code maxDirect}'s places, for at most {@code waitTimeout}.
     *
     * @throws CacheException see its subclasses; without an arbiter {@link SharedStoreUnavailableException} while the
     *     shared store is away, whatever {@code whenSharedDown} says
     */
    Optional<V> find(K key);

    /**
     * Forgets the key everywhere. A call that begins after this one, in this process, never gets a value read before it.
     * Without a shared tier only this process forgets, and the answer is {@link Invalidation#CONFIRMED}: other processes
     * serve what they hold until it expires. Blocks for at most about one command time-out of the shared store, or two if its
     * server is replaced meanwhile; that this is away or refuses is no exception, but {@link Invalidation#PENDING}. Inside of
     * a caller's transaction that the arbiter joins it is done after the commit, and answers {@link Invalidation#AFTER_COMMIT}.
     *
     * @throws CacheClosedException if the cache is closed
     */
    Invalidation invalidate(K key);

    /**
     * Forgets every key everywhere, in one step whatever their number: records stay in the shared store until their time
     * to live is over, but nobody reads them any more. This process does not from now on; others do not as soon as they
     * are told, at most the shared store's {@code maxStaleness} after this is confirmed. Otherwise as {@link #invalidate}.
     */
    Invalidation invalidateAll();

    /** The name that the cache was built with. */
    String name();

    /** What this cache has done since it was built. */
    CacheStats stats();

    /**
     * Refuses new calls, ends waits, lets creators that run finish and publish for at most {@code maxCreationTime}, and
     * releases claims. Stores, pools and executors that were handed in stay open. Blocks until that is done.
     */
    @Override
    void close();
}
