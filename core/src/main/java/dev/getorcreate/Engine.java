package dev.getorcreate;

import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import java.util.Iterator;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/** The cache: hits, joining and starting of flights. What a flight's leader does is {@link Resolution}. */
@SuppressWarnings("FutureReturnValueIgnored") // a flight completes with itself, which the check takes for a lost future
final class Engine<K, V> implements GetOrCreateCache<K, V> {

    /** How often a caller joins a flight that gives no answer before it is told so. */
    static final int MAX_ROUNDS = 16;

    private final String name;
    private final Tiers<K, V> tiers;
    private final Entries<K, V> entries;
    private final TimeSource time;
    private final Counters counters;
    private final AsyncCalls<K, V> async;
    private final Leaders<K, V> leaders;

    /** Guard: concurrent set. What callers' transactions have created and not committed, for close. */
    private final Set<PendingCreation<K, V>> pending = ConcurrentHashMap.newKeySet();

    Engine(
            String name,
            Knobs knobs,
            @Nullable LocalTier localTier,
            CacheBuilder.@Nullable Shared<K, V> shared,
            @Nullable Arbiter<K, V> arbiter,
            @Nullable Executor executor,
            CacheListener listener,
            TimeSource time) {
        this.name = name;
        this.time = time;
        this.counters = new Counters(listener);
        long keep = localTier == null ? 0 : localTier.expireAfterWrite().toNanos();
        long keepUnvouched = shared == null
                ? keep
                : Math.min(keep, shared.store().maxStaleness().toNanos());
        this.entries = new Entries<>(name, localTier, time, knobs.coarseClock(), counters);
        SharedSpace<K> space = shared == null ? null : opened(shared);
        Bulkhead direct = new Bulkhead(knobs.maxDirect(), time);
        this.tiers = new Tiers<>(
                entries,
                keep,
                keepUnvouched,
                space,
                shared == null ? null : new Payloads<>(name, shared.values(), counters),
                arbiter,
                direct,
                counters,
                knobs,
                time);
        this.leaders = new Leaders<>(tiers);
        this.async = new AsyncCalls<>(this, tiers, executor == null ? DefaultExecutor.of(name) : executor);
    }

    private SharedSpace<K> opened(CacheBuilder.Shared<K, V> shared) {
        try {
            return shared.store().open(name, shared.keys(), shared.values().id(), entries::changed);
        } catch (RuntimeException | Error e) {
            entries.endClock();
            throw e;
        }
    }

    @Override
    public V getOrCreate(K key, Creator<? super K, ? extends V> creator) {
        V hit = entries.hit(key);
        return hit != null ? hit : resolve(key, creator).value();
    }

    @Override
    public Outcome<V> obtain(K key, Creator<? super K, ? extends V> creator) {
        V hit = entries.hit(key);
        return hit != null ? new Outcome<>(hit, Source.LOCAL) : resolve(key, creator);
    }

    @Override
    public CompletableFuture<Outcome<V>> obtainAsync(K key, Creator<? super K, ? extends V> creator) {
        V hit = entries.hit(key);
        return hit != null
                ? CompletableFuture.completedFuture(new Outcome<>(hit, Source.LOCAL))
                : async.obtain(key, Objects.requireNonNull(creator, "creator"));
    }

    private Outcome<V> resolve(K key, Creator<? super K, ? extends V> creator) {
        Objects.requireNonNull(creator, "creator");
        try (Call call = Call.enter(this, key, newDeadline())) {
            for (int round = 1; round <= MAX_ROUNDS; round++) {
                Outcome<V> answer = attempt(key, creator, call.until);
                if (answer != null) {
                    return answer;
                }
            }
            throw noAnswer();
        } catch (Throwable e) {
            counters.failed();
            throw e;
        }
    }

    private @Nullable Outcome<V> attempt(K key, Creator<? super K, ? extends V> creator, long until) {
        Flight<V> mine = new Flight<>();
        try {
            Flight<V> flight = entries.joinOrStart(key, mine);
            if (flight.begin()) {
                mine = flight; // who blocks does not wait for an executor that may be waiting for it
            }
            if (flight == mine) {
                return lead(key, creator, mine, until);
            }
            return flight.isDone() ? entries.served(key, flight) : joined(key, creator, flight, until);
        } catch (Throwable e) {
            entries.abandon(key, mine);
            throw e;
        }
    }

    Outcome<V> lead(K key, Creator<? super K, ? extends V> creator, Flight<V> mine, long until) {
        return leaders.lead(new Resolution<>(tiers, key, creator, mine, until), Resolution::run);
    }

    /** Waits for a flight in progress. What ends the wait: the flight, this caller's time, or an interrupt. */
    private @Nullable Outcome<V> joined(K key, Creator<? super K, ? extends V> creator, Flight<V> flight, long until) {
        if (!landed(flight, until)) {
            return overtime(key, creator, until);
        }
        Throwable failure = flight.failure();
        if (failure != null) {
            throw rethrown(failure);
        }
        V value = flight.value();
        return value == null ? null : waited(value);
    }

    private boolean landed(Flight<V> flight, long until) {
        Lent lent = Call.lendPlaces();
        try {
            return time.await(flight, until);
        } catch (InterruptedException e) {
            throw Failed.interrupted(e).error;
        } finally {
            lent.takeBack(until);
        }
    }

    Outcome<V> overtime(K key, Creator<? super K, ? extends V> creator, long until) {
        return leaders.lead(new Resolution<>(tiers, key, creator, new Flight<>(), until), Resolution::runOvertime);
    }

    Outcome<V> waited(V value) {
        counters.answered(Source.WAITED);
        return new Outcome<>(value, Source.WAITED);
    }

    Entries<K, V> entries() {
        return entries;
    }

    Set<PendingCreation<K, V>> pending() {
        return pending;
    }

    Tiers<K, V> tiers() {
        return tiers;
    }

    long newDeadline() {
        return time.nanoTime() + tiers.knobs().waitTimeout().toNanos();
    }

    static CreationFailedException noAnswer() {
        return new CreationFailedException(
                "joined " + MAX_ROUNDS
                        + " resolutions of this key, and each ended without an answer: their leaders were"
                        + " interrupted, overdue, or died of an Error",
                null);
    }

    private static RuntimeException rethrown(Throwable failure) {
        return (RuntimeException) failure;
    }

    @Override
    public Optional<V> find(K key) {
        V hit = entries.hit(key);
        if (hit != null) {
            return Optional.of(hit);
        }
        try (Call call = Call.enterLook(this, newDeadline())) {
            return Lookup.find(tiers, key, call.until);
        } catch (Throwable e) {
            counters.failed();
            throw e;
        }
    }

    @Override
    public Invalidation invalidate(K key) {
        Objects.requireNonNull(key, Entries.NULL_KEY);
        entries.requireOpen();
        return invalidateNow(key);
    }

    /** Also when this cache is closed: a transaction that changed the key may end later. */
    Invalidation invalidateNow(K key) {
        entries.forget(key);
        if (tiers.shared() == null) {
            return Invalidation.CONFIRMED;
        }
        Invalidation result = tiers.shared().invalidate(key);
        // A flight that began meanwhile may have read what was there before.
        entries.forget(key);
        return counted(result);
    }

    @Override
    public Invalidation invalidateAll() {
        entries.requireOpen();
        return invalidateAllNow();
    }

    Invalidation invalidateAllNow() {
        entries.clear();
        if (tiers.shared() == null) {
            return Invalidation.CONFIRMED;
        }
        Invalidation result = tiers.shared().invalidateAll();
        entries.clear();
        return counted(result);
    }

    private Invalidation counted(Invalidation result) {
        if (result == Invalidation.PENDING) {
            counters.invalidationUnconfirmed();
        }
        return result;
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public String toString() {
        return "GetOrCreateCache[" + name + "]";
    }

    @Override
    public CacheStats stats() {
        SharedSpace<K> shared = tiers.shared();
        return counters.snapshot(shared == null ? 0 : shared.pollsThatFound(), entries.size());
    }

    @Override
    public void close() {
        long until = time.nanoTime() + tiers.knobs().maxCreationTime().toNanos();
        if (!entries.close()) {
            leaders.awaitClosed(until);
            return;
        }
        leaders.closing();
        try {
            end(until);
        } finally {
            leaders.closed();
        }
    }

    private void end(long until) {
        List<Runnable> steps = List.of(
                () -> {
                    if (tiers.shared() != null) {
                        tiers.shared().close();
                    }
                },
                // At once: nobody tells of changes any more. Flights in progress go on without their place in the map.
                entries::clear,
                tiers.direct()::close,
                () -> async.close(entries.closedError()),
                () -> leaders.end(until),
                () -> pending.forEach(PendingCreation::letGo),
                entries::clear,
                entries::endClock);
        takeEach(steps.iterator());
    }

    /** Each, whatever those before it throw. */
    private static void takeEach(Iterator<Runnable> steps) {
        if (steps.hasNext()) {
            try {
                steps.next().run();
            } finally {
                takeEach(steps);
            }
        }
    }
}
