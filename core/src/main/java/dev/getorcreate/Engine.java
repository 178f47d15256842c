package dev.getorcreate;

import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** The cache: hits, joining and starting of flights. What a flight's leader does is {@link Resolution}. */
@SuppressWarnings("FutureReturnValueIgnored") // a flight completes with itself, which the check takes for a lost future
final class Engine<K, V> implements GetOrCreateCache<K, V> {

    /** How often a caller joins a flight that gives no answer before it is told so. */
    private static final int MAX_ROUNDS = 16;

    static final String NULL_KEY = "the key is null";

    private final String name;
    private final Tiers<K, V> tiers;
    private final LocalStore<K, Flight<V>> local;
    private final TimeSource time;
    /** What hits read. */
    private final TimeSource hitTime;

    private final Counters counters;
    private final AsyncCalls<K, V> async;
    /** Guard: concurrent set. The resolutions in progress, for close. */
    private final Set<Resolution<K, V>> led = ConcurrentHashMap.newKeySet();

    /** Guard: concurrent set. What callers' transactions have created and not committed, for close. */
    private final Set<PendingCreation<K, V>> pending = ConcurrentHashMap.newKeySet();

    private final AtomicBoolean closed = new AtomicBoolean();

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
        this.local = localTier == null ? new FlightMap<>() : localTier.open(name, time);
        long keep = localTier == null ? 0 : localTier.expireAfterWrite().toNanos();
        long keepUnvouched = shared == null
                ? keep
                : Math.min(keep, shared.store().maxStaleness().toNanos());
        SharedSpace<K> space = shared == null
                ? null
                : shared.store().open(name, shared.keys(), shared.values().id(), this::changed);
        Bulkhead direct = new Bulkhead(knobs.maxDirect(), time);
        this.tiers = new Tiers<>(
                local,
                keep,
                keepUnvouched,
                space,
                shared == null ? null : shared.values(),
                arbiter,
                direct,
                counters,
                knobs,
                time);
        this.async = new AsyncCalls<>(this, tiers, executor == null ? DefaultExecutor.of(name) : executor);
        this.hitTime = knobs.coarseClock() ? CoarseTime.start(time, name, space) : time;
    }

    @Override
    public V getOrCreate(K key, Creator<? super K, ? extends V> creator) {
        V hit = hit(key);
        return hit != null ? hit : resolve(key, creator).value();
    }

    @Override
    public Outcome<V> obtain(K key, Creator<? super K, ? extends V> creator) {
        V hit = hit(key);
        return hit != null ? new Outcome<>(hit, Source.LOCAL) : resolve(key, creator);
    }

    @Override
    public CompletableFuture<Outcome<V>> obtainAsync(K key, Creator<? super K, ? extends V> creator) {
        V hit = hit(key);
        return hit != null
                ? CompletableFuture.completedFuture(new Outcome<>(hit, Source.LOCAL))
                : async.obtain(key, Objects.requireNonNull(creator, "creator"));
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

    private Outcome<V> resolve(K key, Creator<? super K, ? extends V> creator) {
        Objects.requireNonNull(creator, "creator");
        try (Call call = Call.enter(this, key, newDeadline())) {
            for (int round = 1; round <= MAX_ROUNDS; round++) {
                Flight<V> mine = new Flight<>();
                Flight<V> flight = joinOrStart(key, mine);
                if (flight == mine) {
                    return lead(key, creator, mine, call.until);
                }
                Outcome<V> answer = flight.isDone() ? entry(key, flight) : joined(key, creator, flight, call.until);
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

    Flight<V> joinOrStart(K key, Flight<V> mine) {
        requireOpen();
        Flight<V> there = (Flight<V>) local.joinOrStart(key, mine);
        while (there.isLookup() && !mine.isLookup() && !there.isDone()) {
            // It may find nothing, and be followed by the next one, again and again. Unlinked, it keeps nothing.
            local.remove(key, there);
            there = (Flight<V>) local.joinOrStart(key, mine);
        }
        return there;
    }

    /** Whether the flight sits at the key now. An entry that may be served no more gives way to it. */
    boolean starts(K key, Flight<V> mine) {
        Flight<V> there = joinOrStart(key, mine);
        while (there != mine && there.isDone() && there.fresh(time) == null) {
            local.remove(key, there);
            there = joinOrStart(key, mine);
        }
        return there == mine;
    }

    Outcome<V> lead(K key, Creator<? super K, ? extends V> creator, Flight<V> mine, long until) {
        Resolution<K, V> resolution = new Resolution<>(tiers, key, creator, mine, until);
        led.add(resolution);
        try {
            return resolution.run();
        } finally {
            led.remove(resolution);
        }
    }

    /** A flight that had landed when it was found is an entry: served while it is fresh, else unlinked. */
    @Nullable
    Outcome<V> entry(K key, Flight<V> flight) {
        V value = flight.fresh(time);
        if (value == null) {
            local.remove(key, flight);
            return null;
        }
        counters.localHits.increment();
        return new Outcome<>(value, Source.LOCAL);
    }

    /** Waits for a flight in progress. What ends the wait: the flight, this caller's time, or an interrupt. */
    private @Nullable Outcome<V> joined(K key, Creator<? super K, ? extends V> creator, Flight<V> flight, long until) {
        try {
            if (!time.await(flight, until)) {
                return overtime(key, creator, until);
            }
        } catch (InterruptedException e) {
            throw Failed.interrupted(e).error;
        }
        Throwable failure = flight.failure();
        if (failure != null) {
            throw rethrown(failure);
        }
        V value = flight.value();
        return value == null ? null : waited(value);
    }

    Outcome<V> overtime(K key, Creator<? super K, ? extends V> creator, long until) {
        return new Resolution<>(tiers, key, creator, new Flight<>(), until).runOvertime();
    }

    Outcome<V> waited(V value) {
        counters.answered(Source.WAITED);
        return new Outcome<>(value, Source.WAITED);
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

    static boolean tooOften(int round) {
        return round > MAX_ROUNDS;
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
        V hit = hit(key);
        if (hit != null) {
            return Optional.of(hit);
        }
        Flight<V> mine = Flight.ofLookup();
        while (true) {
            Flight<V> flight = joinOrStart(key, mine);
            if (flight == mine) {
                return new Lookup<>(tiers, key, mine).run();
            }
            if (!flight.isDone()) {
                return new Lookup<K, V>(tiers, key, null).run();
            }
            Outcome<V> entry = entry(key, flight);
            if (entry != null) {
                return Optional.of(entry.value());
            }
        }
    }

    @Override
    public Invalidation invalidate(K key) {
        Objects.requireNonNull(key, NULL_KEY);
        requireOpen();
        return invalidateNow(key);
    }

    /** Also when this cache is closed: a transaction that changed the key may end later. */
    Invalidation invalidateNow(K key) {
        forget(key);
        if (tiers.shared() == null) {
            return Invalidation.CONFIRMED;
        }
        Invalidation result = tiers.shared().invalidate(key);
        // A flight that began meanwhile may have read what was there before.
        forget(key);
        return result;
    }

    @Override
    public Invalidation invalidateAll() {
        requireOpen();
        return invalidateAllNow();
    }

    Invalidation invalidateAllNow() {
        local.clear();
        if (tiers.shared() == null) {
            return Invalidation.CONFIRMED;
        }
        Invalidation result = tiers.shared().invalidateAll();
        local.clear();
        return result;
    }

    private void forget(K key) {
        Flight<V> flight = (Flight<V>) local.peek(key);
        if (flight != null) {
            flight.spoil();
            local.remove(key, flight);
        }
    }

    /** On the thread that sees the wire. */
    private void changed(K key) {
        Flight<V> flight = (Flight<V>) local.peek(key);
        if (flight != null && flight.changed()) {
            local.remove(key, flight);
        }
    }

    @Override
    public String name() {
        return name;
    }

    @Override
    public CacheStats stats() {
        SharedSpace<K> shared = tiers.shared();
        return counters.snapshot(shared == null ? 0 : shared.pollsThatFound(), local.size());
    }

    void requireOpen() {
        if (closed.get()) {
            throw new CacheClosedException("cache '" + name + "' is closed", null);
        }
    }

    @Override
    public void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        if (tiers.shared() != null) {
            tiers.shared().close();
        }
        // At once: nobody tells of changes any more. Flights in progress go on without their place in the map.
        local.clear();
        long until = time.nanoTime() + tiers.knobs().maxCreationTime().toNanos();
        try {
            for (Resolution<K, V> resolution : led) {
                resolution.awaitEnd(until);
            }
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
        led.forEach(Resolution::letGo);
        pending.forEach(PendingCreation::letGo);
        local.clear();
        if (hitTime instanceof CoarseTime coarse) {
            coarse.close();
        }
    }
}
