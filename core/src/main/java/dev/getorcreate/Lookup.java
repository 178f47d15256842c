package dev.getorcreate;

import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.spi.Watch;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** One look at a key that never claims, waits or publishes: the shared store, then the arbiter. */
@SuppressWarnings("FutureReturnValueIgnored") // a flight is a future
final class Lookup<K, V> {

    private final Tiers<K, V> tiers;
    private final K key;
    /** Null where a resolution of the key is in progress: its flight sits at the key, so nothing is kept. */
    private final @Nullable Flight<V> flight;
    /** Used by the looking thread only. The shared store is out of reach. */
    private boolean away;

    Lookup(Tiers<K, V> tiers, K key, @Nullable Flight<V> flight) {
        this.tiers = tiers;
        this.key = key;
        this.flight = flight;
    }

    /**
     * What is to be found of the key; asks only if no entry may be served.
     *
     * @param until when to give up waiting for a place at the arbiter
     */
    static <K, V> Optional<V> find(Tiers<K, V> tiers, K key, long until) {
        Entries<K, V> entries = tiers.entries();
        Flight<V> mine = Flight.ofLookup();
        while (true) {
            Flight<V> flight;
            try {
                flight = entries.joinOrStart(key, mine);
            } catch (Throwable e) {
                entries.abandon(key, mine);
                throw e;
            }
            if (flight == mine) {
                return new Lookup<>(tiers, key, mine).run(until);
            }
            if (!flight.isDone()) {
                return new Lookup<K, V>(tiers, key, null).run(until);
            }
            Outcome<V> entry = entries.served(key, flight);
            if (entry != null) {
                return Optional.of(entry.value());
            }
        }
    }

    /** Whatever happens, the flight is completed. Nobody joins it: whoever may create displaces it. */
    private Optional<V> run(long until) {
        try {
            tiers.entries()
                    .requireOpen(); // its flight sits at the key by now: either this is refused, or close clears it
            Optional<V> found = inShared();
            if (found.isPresent() || tiers.arbiter() == null) {
                return found;
            }
            return away ? Direct.run(tiers, until, place -> directly()) : inArbiter();
        } catch (Failed e) {
            throw e.error;
        } finally {
            letGo();
        }
    }

    /** Looks no further than the shared store. Whatever happens there, it is no error. */
    Optional<V> runInShared() {
        try {
            return inShared();
        } finally {
            letGo();
        }
    }

    private void letGo() {
        if (flight != null) {
            tiers.entries().abandon(key, flight);
        }
    }

    private Optional<V> inShared() {
        SharedSpace<K> shared = tiers.shared();
        if (shared == null) {
            return Optional.empty();
        }
        try {
            Watch watch = flight == null ? vouch -> {} : flight;
            // What cannot be decoded is overwritten by whoever creates.
            Look look = shared.look(key, watch);
            if (look instanceof Look.Unreadable unreadable) {
                tiers.undecodable(unreadable);
            }
            V value = look instanceof Look.Present present ? tiers.decode(present) : null;
            return value == null
                    ? Optional.empty()
                    : Optional.of(land(value, Source.SHARED, tiers.time().nanoTime() + tiers.keepNanos()));
        } catch (SharedStoreUnavailableException e) {
            tiers.counters().sharedStoreError(e);
            if (tiers.arbiter() == null) {
                throw tiers.undecided(e, "add one, or ask again later");
            }
            away = true;
            return Optional.empty();
        }
    }

    /** With a place, for which it may have waited: then somebody may have found it meanwhile. */
    private Optional<V> directly() throws Failed {
        V kept = tiers.entries().hit(key);
        return kept == null ? inArbiter() : Optional.of(kept);
    }

    private Optional<V> inArbiter() throws Failed {
        Arbiter<K, V> arbiter = tiers.arbiter();
        if (arbiter == null) {
            return Optional.empty();
        }
        long before = tiers.time().nanoTime();
        Optional<V> row = Maker.find(arbiter, key);
        if (row.isEmpty()) {
            return row;
        }
        if (flight != null) {
            flight.answered(Vouch.ALWAYS);
        }
        return Optional.of(land(row.get(), Source.FOUND, before + tiers.keepUnvouchedNanos()));
    }

    private V land(V value, Source source, long keepUntil) {
        tiers.counters().answered(source);
        if (flight != null) {
            if (!flight.land(value, tiers.keepNanos() == 0 ? 0 : keepUntil)) {
                tiers.entries().unlink(key, flight);
            }
            flight.complete(flight);
        }
        return value;
    }
}
