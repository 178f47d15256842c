package dev.getorcreate;

import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * This process's flights and entries, by key. A flight that has landed is its own entry, served while it is fresh; it is
 * spoilt before it is unlinked.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a flight completes with itself, which the check takes for a lost future
final class Entries<K, V> {

    static final String NULL_KEY = "the key is null";

    private final String name;
    private final LocalStore<K, Flight<V>> local;
    private final TimeSource time;
    /** What hits read. */
    private final TimeSource hitTime;

    private final Counters counters;
    /** Guard: atomic; set for good. */
    private final AtomicBoolean closed = new AtomicBoolean();

    Entries(String name, @Nullable LocalTier tier, TimeSource time, boolean coarse, Counters counters) {
        this.name = name;
        this.time = time;
        this.counters = counters;
        this.local = tier == null ? new FlightMap<>() : tier.open(name, time);
        this.hitTime = coarse ? new CoarseTime(time, name) : time;
    }

    String name() {
        return name;
    }

    /** The hot path: nothing but this happens on a local hit. */
    @Nullable
    V hit(K key) {
        Flight<V> flight = (Flight<V>) local.peek(Objects.requireNonNull(key, NULL_KEY));
        V value = flight == null ? null : flight.fresh(hitTime);
        if (value != null) {
            counters.localHits.increment();
        }
        return value;
    }

    Flight<V> joinOrStart(K key, Flight<V> mine) {
        requireOpen();
        Flight<V> there = (Flight<V>) local.joinOrStart(key, mine);
        while (there.isLookup() && !mine.isLookup() && !there.isDone()) {
            // It may find nothing, and be followed by the next one, again and again.
            unlink(key, there);
            there = (Flight<V>) local.joinOrStart(key, mine);
        }
        return there;
    }

    /** Whether the flight sits at the key now. An entry that may be served no more gives way to it. */
    boolean starts(K key, Flight<V> mine) {
        Flight<V> there = joinOrStart(key, mine);
        while (there != mine && there.isDone() && there.fresh(time) == null) {
            unlink(key, there);
            there = joinOrStart(key, mine);
        }
        return there == mine;
    }

    /** A flight that had landed when it was found is an entry: served while it is fresh, else unlinked. */
    @Nullable
    Outcome<V> served(K key, Flight<V> flight) {
        V value = flight.fresh(time);
        if (value == null) {
            unlink(key, flight);
            return null;
        }
        counters.localHits.increment();
        return new Outcome<>(value, Source.LOCAL);
    }

    /** Nobody may wait for a flight that has no leader: one that could not begin, or came to none of its ends. */
    void abandon(K key, Flight<V> mine) {
        if (!mine.isDone()) {
            try {
                unlink(key, mine);
            } finally {
                mine.askAgain(); // left in its place, it is an entry that gives nothing, and the next one unlinks it
            }
        }
    }

    /**
     * Whoever asks next finds it no more. Those who joined it are not told. No change is told to it from now on: spoilt, it
     * serves nobody who found it before and was stopped.
     */
    void unlink(K key, Flight<V> flight) {
        flight.spoil();
        local.remove(key, flight);
    }

    /** This process invalidates the key. */
    void forget(K key) {
        Flight<V> flight = (Flight<V>) local.peek(key);
        if (flight != null) {
            unlink(key, flight);
        }
    }

    /** Somebody changed the key. On the thread that sees the wire. */
    void changed(K key) {
        Flight<V> flight = (Flight<V>) local.peek(key);
        if (flight != null && flight.changed()) {
            unlink(key, flight);
        }
    }

    void clear() {
        local.clear();
    }

    long size() {
        return local.size();
    }

    void requireOpen() {
        if (closed.get()) {
            throw closedError();
        }
    }

    CacheClosedException closedError() {
        return new CacheClosedException("cache '" + name + "' is closed", null);
    }

    /** From now on nothing is started. What has landed is served until it is cleared. Whether this call was the first. */
    boolean close() {
        return closed.compareAndSet(false, true);
    }

    /** When nothing will land any more. */
    void endClock() {
        if (hitTime instanceof CoarseTime coarse) {
            coarse.close();
        }
    }
}
