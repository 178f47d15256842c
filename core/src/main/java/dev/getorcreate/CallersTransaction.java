package dev.getorcreate;

import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Transactions;
import dev.getorcreate.spi.Vouch;
import java.lang.System.Logger.Level;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
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
 * come from a snapshot older than the claim. If the process dies, the database rolls back and the claims end with
 * their leases.
 */
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
        V hit = isChanged(key) ? null : engine.hit(key);
        if (hit != null) {
            return new Outcome<>(hit, Source.LOCAL);
        }
        engine.requireOpen();
        PendingCreation<K, V> creation = new PendingCreation<>(engine, key);
        boolean pending = false;
        Call call = Call.enter(engine, key, engine.newDeadline());
        try {
            V value = isChanged(key) ? null : inShared(key, creation);
            Outcome<V> outcome = value != null
                    ? new Outcome<>(value, Source.SHARED)
                    : new Maker<>(tiers, tiers.requiredArbiter().joined(), key, creator).make();
            tiers.counters().answered(outcome.source());
            pending = outcome.source() == Source.CREATED && creation.isBegun();
            if (pending) {
                remember(creation);
            }
            return outcome;
        } catch (Failed e) {
            tiers.counters().failed();
            throw e.error;
        } catch (Throwable e) {
            tiers.counters().failed();
            throw e;
        } finally {
            if (!pending) {
                creation.letGo();
            }
            call.close();
        }
    }

    /** The record; or null, and then the creation has begun, unless somebody else's has. */
    private @Nullable V inShared(K key, PendingCreation<K, V> creation) {
        SharedSpace<K> shared = tiers.shared();
        if (shared == null) {
            creation.begin();
            return null;
        }
        try {
            Look look = shared.look(key, creation.flight);
            if (look instanceof Look.Held) {
                return null;
            }
            V value = decoded(look);
            if (value != null) {
                return value;
            }
            creation.flight.reopen();
            return decoded(creation.claim(shared, inTheWay(look)));
        } catch (SharedStoreUnavailableException e) {
            tiers.counters().sharedStoreError(e);
            return null;
        }
    }

    private @Nullable V decoded(Look look) {
        return look instanceof Look.Present present ? tiers.decode(present) : null;
    }

    /** What the claim has to replace. */
    private byte @Nullable [] inTheWay(Look look) {
        if (look instanceof Look.Unreadable unreadable) {
            tiers.counters().undecodable(unreadable.why());
            return unreadable.seen();
        }
        if (look instanceof Look.Present present) {
            return present.seen();
        }
        return look instanceof Look.Failed mark ? mark.seen() : null;
    }

    Optional<V> find(K key) {
        try {
            if (!isChanged(key)) {
                V hit = engine.hit(key);
                if (hit != null) {
                    return Optional.of(hit);
                }
                engine.requireOpen();
                V value = lookedUp(key);
                if (value != null) {
                    tiers.counters().answered(Source.SHARED);
                    return Optional.of(value);
                }
            }
            Optional<V> row = Maker.find(tiers.requiredArbiter().joined(), key);
            row.ifPresent(found -> tiers.counters().answered(Source.FOUND));
            return row;
        } catch (Failed e) {
            throw e.error;
        }
    }

    private @Nullable V lookedUp(K key) {
        SharedSpace<K> shared = tiers.shared();
        if (shared == null) {
            return null;
        }
        try {
            return decoded(shared.look(key, vouch -> {}));
        } catch (SharedStoreUnavailableException e) {
            tiers.counters().sharedStoreError(e);
            return null;
        }
    }

    private synchronized void remember(PendingCreation<K, V> creation) {
        created.add(creation);
    }

    private synchronized boolean isChanged(K key) {
        return allInvalidated || invalidated.contains(key);
    }

    /** It changed the row, or is about to: others are told when it has committed. */
    synchronized Invalidation invalidate(K key) {
        engine.requireOpen();
        invalidated.add(key);
        return Invalidation.PENDING;
    }

    synchronized Invalidation invalidateAll() {
        engine.requireOpen();
        allInvalidated = true;
        return Invalidation.PENDING;
    }

    @Override
    public void completed(Transactions.Completion how) {
        List<PendingCreation<K, V>> creations;
        synchronized (this) {
            creations = List.copyOf(created);
            created.clear();
        }
        for (PendingCreation<K, V> creation : creations) {
            if (how == Transactions.Completion.COMMITTED && !isChanged(creation.key)) {
                publish(creation);
            }
            creation.letGo();
        }
        if (how != Transactions.Completion.ROLLED_BACK) {
            tellOthers();
        }
    }

    private void publish(PendingCreation<K, V> creation) {
        try {
            SharedSpace<K> shared = tiers.shared();
            if (shared == null) {
                creation.flight.answered(Vouch.ALWAYS);
            }
            Optional<V> row = Maker.find(tiers.requiredArbiter().joined(), creation.key);
            if (row.isEmpty()) {
                return; // undone by a savepoint, or deleted
            }
            Outcome<V> committed = new Outcome<>(row.get(), Source.CREATED);
            if (shared == null || creation.landing.publish(shared, tiers.encode(row.get())) == Published.PUBLISHED) {
                creation.landing.keep(committed);
            } else {
                creation.landing.drop(committed);
            }
        } catch (SharedStoreUnavailableException e) {
            tiers.counters().sharedStoreError(e);
        } catch (Failed | RuntimeException e) {
            LOG.log(
                    Level.WARNING,
                    "what a transaction created in cache '" + engine.name()
                            + "' could not be published after its commit; the next caller finds it in the database",
                    e);
        }
    }

    private void tellOthers() {
        List<K> keys;
        boolean all;
        synchronized (this) {
            keys = List.copyOf(invalidated);
            all = allInvalidated;
        }
        try {
            if (all) {
                engine.invalidateAll();
            } else {
                keys.forEach(engine::invalidate);
            }
        } catch (CacheClosedException e) {
            LOG.log(
                    Level.WARNING,
                    "cache '" + engine.name() + "' was closed before a transaction committed that invalidated keys;"
                            + " others may have them until their time to live is over",
                    e);
        }
    }
}
