package dev.getorcreate;

import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** Asks the arbiter and the creator, in the caller's thread: the part of a resolution that is user code. */
final class Maker<K, V> {

    private final Tiers<K, V> tiers;
    private final K key;
    private final Creator<? super K, ? extends V> creator;

    Maker(Tiers<K, V> tiers, K key, Creator<? super K, ? extends V> creator) {
        this.tiers = tiers;
        this.key = key;
        this.creator = creator;
    }

    /**
     * What was found or made.
     *
     * @param readAt from when it counts: before the statement that gave it; without an arbiter, when the creator had made it
     */
    record Made<V>(Outcome<V> outcome, long readAt) {}

    /** The row if there is one, else the creator's candidate, ruled upon by the arbiter if there is one. */
    Made<V> make() throws Failed {
        return make(this::runCreator);
    }

    /**
     * As {@link #make}, at a place.
     *
     * @param apart whether others have it while the creator runs
     * @param until how long to wait for it before the insert, if others have it; after that, and a little longer, the
     *     insert goes without
     */
    Made<V> makeAt(Bulkhead.Place place, boolean apart, long until) throws Failed {
        return make(() -> {
            place.creates(apart);
            V candidate = runCreator();
            if (tiers.arbiter() != null) {
                Direct.beforeInsert(place, until);
            }
            return candidate;
        });
    }

    private Made<V> make(Step<V> creating) throws Failed {
        Arbiter<K, V> arbiter = tiers.arbiter();
        if (arbiter == null) {
            Outcome<V> created = new Outcome<>(creating.run(), Source.CREATED);
            return new Made<>(created, tiers.time().nanoTime());
        }
        long beforeFind = tiers.time().nanoTime();
        Optional<V> row = find(arbiter, key);
        if (row.isPresent()) {
            return new Made<>(new Outcome<>(row.get(), Source.FOUND), beforeFind);
        }
        V candidate = creating.run();
        long beforeInsert = tiers.time().nanoTime();
        return new Made<>(insert(arbiter, candidate), beforeInsert);
    }

    /** For whom has looked already: the creator's candidate, ruled upon by this arbiter. */
    Outcome<V> makeBy(Arbiter<K, V> decider) throws Failed {
        return insert(decider, runCreator());
    }

    @SuppressWarnings("NullableOptional") // a null Optional is what is being refused
    static <K, V> Optional<V> find(Arbiter<K, V> arbiter, K key) throws Failed {
        try {
            @Nullable Optional<V> row = arbiter.find(key);
            if (row == null) {
                throw new ArbiterFailedException("the arbiter's find gave null; it must give an Optional", null);
            }
            return row;
        } catch (Exception e) {
            throw Failed.inArbiter("find", e);
        }
    }

    private V runCreator() throws Failed {
        long start = tiers.time().nanoTime();
        boolean succeeded = false;
        tiers.counters().creatorStarts();
        try {
            @Nullable V candidate = creator.create(key);
            if (candidate == null) {
                throw Failed.forAll(new CreationFailedException(
                        "the creator gave null; where there is none it must throw"
                                + (tiers.arbiter() == null
                                        ? ", or give a value that says so"
                                        : ": the arbiter inserts whatever it gives as a row"),
                        null));
            }
            succeeded = true;
            return candidate;
        } catch (Failed e) {
            throw e;
        } catch (Exception e) {
            throw Failed.inCreator(e);
        } finally {
            tiers.counters().creatorRan(tiers.time().nanoTime() - start, succeeded);
        }
    }

    private Outcome<V> insert(Arbiter<K, V> decider, V candidate) throws Failed {
        try {
            @Nullable Ruling<V> ruling = decider.insert(key, candidate);
            if (ruling == null || ruling.winner() == null || ruling.verdict() == null) {
                throw new ArbiterFailedException(
                        "the arbiter's insert gave null; it must give a ruling with a winner and a verdict", null);
            }
            return new Outcome<>(
                    ruling.winner(),
                    switch (ruling.verdict()) {
                        case CREATED -> Source.CREATED;
                        case ADOPTED -> Source.ADOPTED;
                        case RECOVERED -> Source.RECOVERED;
                    });
        } catch (Exception e) {
            throw Failed.inArbiter("insert", e);
        }
    }
}
