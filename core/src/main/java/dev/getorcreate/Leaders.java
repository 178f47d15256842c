package dev.getorcreate;

import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The resolutions in progress: whoever closes the cache waits for them, and none begins after that. */
final class Leaders<K, V> {

    private final Tiers<K, V> tiers;
    /** Guard: concurrent set. */
    private final Set<Resolution<K, V>> running = ConcurrentHashMap.newKeySet();
    /** Guard: volatile. Whoever closes: it cannot wait for itself. */
    private volatile @Nullable Thread closer;
    /** Completed by whoever closed first; others who close wait for it. */
    private final CompletableFuture<@Nullable Void> closed = new CompletableFuture<>();

    Leaders(Tiers<K, V> tiers) {
        this.tiers = tiers;
    }

    Outcome<V> lead(Resolution<K, V> resolution, Function<Resolution<K, V>, Outcome<V>> how) {
        running.add(resolution);
        try {
            tiers.entries().requireOpen(); // in this order: either this is refused, or who closes waits for it
            return how.apply(resolution);
        } finally {
            running.remove(resolution);
        }
    }

    /** Waits for those in progress, until then, and lets go what is left: one that the calling thread is inside of, too. */
    void end(long until) {
        await(
                until,
                running.stream()
                        .filter(each -> !each.isLedHere())
                        .map(Resolution::end)
                        .toList());
        running.forEach(Resolution::letGo);
    }

    /** This thread closes the cache. */
    void closing() {
        closer = Thread.currentThread();
    }

    void closed() {
        closed.complete(null);
    }

    /** Waits for somebody else's close, until then, unless that waits for this thread. */
    void awaitClosed(long until) {
        if (closer != Thread.currentThread() && running.stream().noneMatch(Resolution::isLedHere)) {
            await(until, List.of(closed));
        }
    }

    private void await(long until, List<? extends CompletableFuture<?>> ends) {
        try {
            for (CompletableFuture<?> each : ends) {
                tiers.time().await(each, until);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }
}
