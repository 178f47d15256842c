package dev.getorcreate;

import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One key that a caller's transaction creates: the flight that others of this process join, the claim that those of other
 * processes wait for. Both are let go after {@code maxCreationTime}, however long the transaction stays open.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a flight is a future
final class PendingCreation<K, V> {

    private final Engine<K, V> engine;
    private final Tiers<K, V> tiers;
    final K key;
    final Flight<V> flight = new Flight<>();
    private final OwnClaim<K, V> claim;
    final Landing<K, V> landing;
    /** Null: not begun. Used by the transaction's thread only. */
    private @Nullable CompletableFuture<?> overdue;

    PendingCreation(Engine<K, V> engine, K key) {
        this.engine = engine;
        this.tiers = engine.tiers();
        this.key = key;
        this.claim = new OwnClaim<>(tiers, key, flight);
        this.landing = new Landing<>(tiers, key, flight, claim);
    }

    boolean isBegun() {
        return overdue != null;
    }

    /** Asks for the claim; if it is granted, the creation has begun. */
    Look claim(SharedSpace<K> shared, byte @Nullable [] replacing) {
        Look look = claim.ask(shared, replacing);
        if (look instanceof Look.Granted) {
            begin();
        }
        return look;
    }

    /** From now on, others of this process join it, unless there is a flight already: that one waits for the claim. */
    void begin() {
        Flight<V> unused = engine.joinOrStart(key, flight);
        overdue = tiers.time().after(tiers.knobs().maxCreationTime().toNanos(), () -> {
            landing.letGo();
            tiers.counters().overdue();
        });
    }

    /** No effect on what has been published. */
    void letGo() {
        landing.letGo();
        if (overdue != null) {
            overdue.cancel(false);
        }
    }
}
