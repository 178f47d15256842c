package dev.getorcreate;

import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Transactions;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What one caller's transaction does through one cache. It waits for nobody, since it holds a connection that those it
 * waited for may need; what it created, and what it changed, is told to others after its commit. Meanwhile they wait for
 * its flight and its claim, at most {@code maxCreationTime}; then the database lets them wait for its row.
 *
 * <p>Published is what is read once more after the commit, under the claim from before: whatever else the transaction
 * did to the row, or undid by a savepoint, nobody sees but the committed row. What it merely found is not published: it may
 * come from a snapshot older than any claim. If the process dies, the database rolls back and the claims end with
 * their leases.
 */
@SuppressWarnings("FutureReturnValueIgnored") // a flight is a future
final class CallersTransaction<K, V> implements Transactions.Hearer {

    private static final System.Logger LOG = System.getLogger(GetOrCreateCache.class.getName());

    private final Engine<K, V> engine;
    private final Tiers<K, V> tiers;
    /** Guard: this, as for all below. Creations whose row is not committed yet. */
    private final List<PendingCreation<K, V>> created = new ArrayList<>();
    /** What it changed: for it, no cache has the truth any more. */
    private final Set<K> invalidated = new HashSet<>();

    private boolean allInvalidated;

    CallersTransaction(Engine<K, V> engine) {
        this.engine = engine;
        this.tiers = engine.tiers();
    }

    Outcome<V> obtain(K key, Creator<? super K, ? extends V> creator) {
        Objects.requireNonNull(key, Entries.NULL_KEY);
        Objects.requireNonNull(creator, "creator");
        return counted(() -> {
            Outcome<V> there = cached(key);
            return there != null ? there : resolve(key, creator);
        });
    }

    private <T> T counted(Step<T> step) {
        try {
            return step.run();
        } catch (Failed e) {
            tiers.counters().failed();
            throw e.error;
        } catch (Throwable e) {
            tiers.counters().failed();
            throw e;
        }
    }

    /** What was committed, and may be kept as any other: it was not read in this transaction. Null: nothing. */
    private @Nullable Outcome<V> cached(K key) {
        engine.entries().requireOpen();
        if (isChanged(key)) {
            return null;
        }
        V hit = engine.entries().hit(key);
        if (hit != null) {
            return new Outcome<>(hit, Source.LOCAL);
        }
        if (tiers.shared() == null) {
            return null;
        }
        Flight<V> mine = Flight.ofLookup();
        Flight<V> look;
        try {
            look = engine.entries().starts(key, mine) ? mine : null;
        } catch (Throwable e) {
            engine.entries().abandon(key, mine);
            throw e;
        }
        return new Lookup<>(tiers, key, look)
                .runInShared()
                .map(value -> new Outcome<>(value, Source.SHARED))
                .orElse(null);
    }

    private Outcome<V> resolve(K key, Creator<? super K, ? extends V> creator) throws Failed {
        PendingCreation<K, V> creation = new PendingCreation<>(engine, key);
        boolean kept = false;
        Call call = Call.enter(engine, key, engine.newDeadline());
        try {
            Optional<V> row = Maker.find(joined(), key);
            Outcome<V> outcome =
                    row.isPresent() ? new Outcome<>(row.get(), Source.FOUND) : create(key, creator, creation);
            tiers.counters().answered(outcome.source());
            if (outcome.source() == Source.CREATED && creation.isBegun()) {
                remember(creation);
                kept = true;
            }
            return outcome;
        } finally {
            try {
                if (!kept) {
                    creation.letGo();
                }
            } finally {
                call.close();
            }
        }
    }

    private Arbiter<K, V> joined() {
        return tiers.requiredArbiter().joined();
    }

    private Outcome<V> create(K key, Creator<? super K, ? extends V> creator, PendingCreation<K, V> creation)
            throws Failed {
        V value = isChanged(key) ? null : begun(creation);
        return value != null ? new Outcome<>(value, Source.SHARED) : new Maker<>(tiers, key, creator).makeBy(joined());
    }

    /** Claims the key. The record, if one was published meanwhile; null: the creation has begun, or somebody else's. */
    private @Nullable V begun(PendingCreation<K, V> creation) {
        SharedSpace<K> shared = tiers.shared();
        if (shared == null) {
            creation.begin();
            return null;
        }
        try {
            return creation.claim(shared);
        } catch (SharedStoreUnavailableException e) {
            tiers.counters().sharedStoreError(e);
            return null;
        }
    }

    Optional<V> find(K key) {
        Objects.requireNonNull(key, Entries.NULL_KEY);
        return counted(() -> {
            Outcome<V> there = cached(key);
            if (there != null) {
                return Optional.of(there.value());
            }
            Optional<V> row = Maker.find(joined(), key);
            row.ifPresent(found -> tiers.counters().answered(Source.FOUND));
            return row;
        });
    }

    private synchronized void remember(PendingCreation<K, V> creation) {
        created.add(creation);
    }

    private synchronized boolean isChanged(K key) {
        return allInvalidated || invalidated.contains(key);
    }

    /** It changed the row, or is about to: others are told when it has committed. */
    synchronized Invalidation invalidate(K key) {
        Objects.requireNonNull(key, Entries.NULL_KEY);
        engine.entries().requireOpen();
        invalidated.add(key);
        return Invalidation.AFTER_COMMIT;
    }

    synchronized Invalidation invalidateAll() {
        engine.entries().requireOpen();
        allInvalidated = true;
        return Invalidation.AFTER_COMMIT;
    }

    /** Invalidations first: they are what others wait for, and nothing that is published needs one later. */
    @Override
    public void completed(Transactions.Completion how) {
        List<PendingCreation<K, V>> creations;
        synchronized (this) {
            creations = List.copyOf(created);
            created.clear();
        }
        if (how != Transactions.Completion.ROLLED_BACK) {
            tellOthers();
        }
        for (PendingCreation<K, V> creation : creations) {
            if (how == Transactions.Completion.COMMITTED && !isChanged(creation.key)) {
                quietly("publish what it created", () -> publish(creation));
            }
            quietly("let go what it created", creation::letGo);
        }
    }

    private void tellOthers() {
        List<K> keys;
        boolean all;
        synchronized (this) {
            keys = List.copyOf(invalidated);
            all = allInvalidated;
        }
        if (all) {
            quietly("invalidate all", engine::invalidateAllNow);
        } else {
            keys.forEach(key -> quietly("invalidate a key", () -> engine.invalidateNow(key)));
        }
    }

    private void publish(PendingCreation<K, V> creation) throws Failed {
        SharedSpace<K> shared = tiers.shared();
        long before = tiers.time().nanoTime();
        Optional<V> row = Maker.find(joined(), creation.key);
        if (row.isEmpty()) {
            return; // undone by a savepoint, or deleted
        }
        Outcome<V> committed = new Outcome<>(row.get(), Source.CREATED);
        if (shared == null) {
            creation.landing.keepUnvouched(committed, before);
        } else if (creation.landing.publish(shared, tiers.encode(row.get())) == Published.PUBLISHED) {
            creation.landing.keep(committed);
        } else {
            creation.landing.drop(committed);
        }
    }

    @FunctionalInterface
    private interface Telling {
        void run() throws Failed;
    }

    /** The transaction has ended, whatever fails here; and what comes after it must be done too. */
    private void quietly(String what, Telling step) {
        try {
            step.run();
        } catch (SharedStoreUnavailableException e) {
            tiers.counters().sharedStoreError(e);
        } catch (Throwable e) {
            LOG.log(
                    Level.WARNING,
                    "cache '" + engine.name() + "' could not " + what + " after the end of a caller's transaction",
                    e);
        }
    }
}
