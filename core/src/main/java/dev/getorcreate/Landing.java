package dev.getorcreate;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Vouch;
import org.jspecify.annotations.Nullable;

/** How a flight and the claim behind it end: with a record, with a failure, or let go. */
final class Landing<K, V> {

    private final Tiers<K, V> tiers;
    private final K key;
    private final Flight<V> flight;
    private final OwnClaim<K, V> claim;

    Landing(Tiers<K, V> tiers, K key, Flight<V> flight, OwnClaim<K, V> claim) {
        this.tiers = tiers;
        this.key = key;
        this.flight = flight;
        this.claim = claim;
    }

    /** Replaces the claim, if it is still held, by the record. */
    Published publish(SharedSpace<K> shared, byte[] payload) {
        Claim mine = claim.take();
        Published published = mine == null
                ? Published.REJECTED
                : shared.publish(key, mine, payload, tiers.knobs().timeToLive(), flight);
        if (published == Published.REJECTED) {
            tiers.counters().publishRejected();
        } else if (published == Published.OVERSIZED) {
            tiers.counters().oversized();
        }
        return published;
    }

    /** Answers those who joined, and keeps the record if nothing is known against it. */
    Outcome<V> keep(Outcome<V> outcome) {
        return land(outcome, tiers.keepNanos() == 0 ? 0 : tiers.time().nanoTime() + tiers.keepNanos());
    }

    /** As {@link #keep}, of what no connection vouches for, read at this time. */
    Outcome<V> keepUnvouched(Outcome<V> outcome, long readAt) {
        flight.answered(Vouch.ALWAYS);
        return land(outcome, tiers.keepNanos() == 0 ? 0 : readAt + tiers.keepUnvouchedNanos());
    }

    /** Answers those who joined, and keeps nothing. */
    Outcome<V> drop(Outcome<V> outcome) {
        return land(outcome, 0);
    }

    private Outcome<V> land(Outcome<V> outcome, long keepUntil) {
        try {
            if (!flight.land(outcome.value(), keepUntil)) {
                unlink();
            }
        } finally {
            flight.complete(flight);
        }
        return outcome;
    }

    // Each step of an end is taken even if one before it throws an Error: a flight that is not completed keeps all
    // waiting.

    /** Those who joined fail with the error; so do, by the mark, those of other processes who waited. */
    void fail(RuntimeException error, @Nullable Failure mark) {
        try {
            claim.release(mark);
        } finally {
            try {
                unlink();
            } finally {
                flight.fail(error);
            }
        }
    }

    /** Those who joined ask again, and whoever is next may create. No effect on what has ended. Any thread. */
    void letGo() {
        try {
            claim.release(null);
        } finally {
            tiers.entries().abandon(key, flight);
        }
    }

    private void unlink() {
        tiers.entries().unlink(key, flight);
    }
}
