package dev.getorcreate;

import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One key that a caller's transaction creates: the flight that others of this process join, the claim that those of other
 * processes wait for. Both are let go after {@code maxCreationTime}, however long the transaction stays open, and when the
 * cache is closed.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a flight is a future
final class PendingCreation<K, V> {

    private final Engine<K, V> engine;
    private final Tiers<K, V> tiers;
    final K key;
    final Flight<V> flight = new Flight<>();
    private final OwnClaim<K, V> claim;
    final Landing<K, V> landing;
    /** Null: not begun. Written by the transaction's thread. */
    private volatile @Nullable CompletableFuture<?> overdue;

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

    /**
     * Asks for the claim; if it is granted, the creation has begun.
     *
     * @return the record that stands there instead; null: there is none
     */
    @Nullable
    V claim(SharedSpace<K> shared) {
        Look look = claim.ask(shared, null);
        V there = record(look);
        byte[] inTheWay = there == null ? inTheWay(look) : null;
        if (inTheWay != null) {
            flight.reopen();
            look = claim.ask(shared, inTheWay);
            there = record(look);
        }
        if (look instanceof Look.Granted) {
            begin();
        }
        return there;
    }

    private @Nullable V record(Look look) {
        return look instanceof Look.Present present ? tiers.decode(present) : null;
    }

    private byte @Nullable [] inTheWay(Look look) {
        if (look instanceof Look.Unreadable unreadable) {
            tiers.undecodable(unreadable);
            return unreadable.seen();
        }
        if (look instanceof Look.Present undecodable) {
            return undecodable.seen();
        }
        return look instanceof Look.Failed mark ? mark.seen() : null;
    }

    /** From now on, others of this process join it, unless there is a flight already: that one waits for the claim. */
    void begin() {
        engine.pending().add(this); // first: either this is refused, or who closes lets it go
        try {
            boolean unused = engine.entries().starts(key, flight);
            overdue = tiers.time().after(tiers.knobs().maxCreationTime().toNanos(), () -> {
                landing.letGo();
                tiers.counters().overdue();
            });
        } catch (RuntimeException | Error e) {
            letGo();
            throw e;
        }
    }

    /** No effect on what has been published. Any thread. */
    void letGo() {
        engine.pending().remove(this);
        try {
            landing.letGo();
        } finally {
            CompletableFuture<?> timer = overdue;
            if (timer != null) {
                timer.cancel(false);
            }
        }
    }
}
