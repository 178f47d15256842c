package dev.getorcreate.spi;

import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The local store of one cache: a bounded map from a key to a future that is either in flight or, once it is done, an
 * entry. Completing a future that sits in the map <em>is</em> storing it: there is no put.
 *
 * <p>All methods are safe for use by several threads and none waits for a future; they are called on the network's
 * threads too. An in-flight future is never evicted. Futures are always completed normally. When an entry may be served
 * is the engine's to judge; the store only has to free the memory of what is past {@link LocalTier#expireAfterWrite}.
 * Changes are told to what sits in the store. So a thread that is stopped between taking an entry and judging it may
 * serve it once more, if meanwhile the store evicts it for want of room, or is cleared, and after that the key changes.
 */
public interface LocalStore<K, V> {

    /** The future that sits at the key, or null. The hot path: no lock, no allocation, no clock. */
    @Nullable
    CompletableFuture<V> peek(K key);

    /** One atomic step: puts {@code mine} where nothing sits, and gives back what sits there now. */
    CompletableFuture<V> joinOrStart(K key, CompletableFuture<V> mine);

    /** One atomic step: removes the key if exactly this future (by identity) sits there. */
    boolean remove(K key, CompletableFuture<V> exactly);

    /** Removes everything, also what is in flight. */
    void clear();

    /** About how many keys are held, for metrics. */
    long size();
}
