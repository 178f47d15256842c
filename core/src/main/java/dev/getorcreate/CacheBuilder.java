package dev.getorcreate;

import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Transactions;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Builds a {@link GetOrCreateCache}. Every tier is optional, but one there must be; what each combination promises stands
 * at {@link GetOrCreateCache}. Not safe for use by several threads.
 */
public final class CacheBuilder<K, V> {

    private final String name;
    private @Nullable LocalTier local;
    private @Nullable Shared<K, V> shared;
    private @Nullable Arbiter<K, V> arbiter;
    private Duration timeToLive = Knobs.UNSET;
    private @Nullable Duration waitTimeout;
    private Duration maxCreationTime = Knobs.MAX_CREATION_TIME;
    private Duration lease = Knobs.LEASE;
    private Duration failureHold = Knobs.FAILURE_HOLD;
    private int maxDirect = Knobs.MAX_DIRECT;
    private WhenSharedDown whenSharedDown = WhenSharedDown.FAIL;
    private boolean coarseClock;
    private @Nullable Executor executor;
    private @Nullable UnaryOperator<K> canonicalKey;
    private CacheListener listener = new CacheListener() {};
    private TimeSource time = TimeSource.system();

    /** What a shared tier needs together. */
    record Shared<K, V>(SharedStore store, KeyCodec<K> keys, Codec<V> values) {}

    CacheBuilder(String name) {
        Objects.requireNonNull(name, "name");
        if (name.isBlank() || name.length() > 200) {
            throw new IllegalArgumentException("the cache's name must have 1 to 200 characters, and not only blanks");
        }
        this.name = name;
    }

    /** Keeps records in this process: {@code CaffeineLocal}. */
    public CacheBuilder<K, V> local(LocalTier tier) {
        this.local = Objects.requireNonNull(tier, "local");
        return this;
    }

    /**
     * Shares records, and who creates them, between processes: {@code RedisSharedStore}. The store stays the caller's to
     * close, after the cache. The cache's name is the only prefix of its keys there, and a payload does not say its type
     * ({@code JacksonCodec} writes no class names): for values of another type take another name.
     */
    public CacheBuilder<K, V> shared(SharedStore store, KeyCodec<K> keys, Codec<V> values) {
        this.shared = new Shared<>(
                Objects.requireNonNull(store, "store"),
                Objects.requireNonNull(keys, "keys"),
                Objects.requireNonNull(values, "values"));
        return this;
    }

    /** Decides for good: {@code JdbcArbiter}, or {@link Arbiter#of}. */
    public CacheBuilder<K, V> arbiter(Arbiter<K, V> decider) {
        this.arbiter = Objects.requireNonNull(decider, "arbiter");
        return this;
    }

    /**
     * Makes keys alike that mean the same, for instance {@code email -> email.toLowerCase(Locale.ROOT)}, before anything
     * else is done with them: every tier, and every creator, sees only what it gives. Needed where the arbiter's database
     * thinks keys equal that differ (a collation without case), since the caches would keep them apart.
     *
     * @param function pure and quick, for it runs on every hit too; it gives an equal key for what it gave itself, and
     *     never null
     */
    public CacheBuilder<K, V> canonicalKey(UnaryOperator<K> function) {
        this.canonicalKey = Objects.requireNonNull(function, "canonicalKey");
        return this;
    }

    /** How long a record may stay in the shared store. Required with one. */
    public CacheBuilder<K, V> timeToLive(Duration duration) {
        this.timeToLive = Objects.requireNonNull(duration, "timeToLive");
        return this;
    }

    /**
     * How long a caller waits for others, over nested calls together; then it asks the arbiter itself, if one of the
     * {@code maxDirect} places is to be had, or fails where there is none. Default 15 s. With a shared tier, at least {@code maxCreationTime + lease}; if it is not set, and 3 s
     * more than these are longer than 15 s, it is that.
     */
    public CacheBuilder<K, V> waitTimeout(Duration duration) {
        this.waitTimeout = Objects.requireNonNull(duration, "waitTimeout");
        return this;
    }

    /**
     * How long a creation, that is the creator and the arbiter's find and insert, may keep others waiting; then its claim
     * is let go, and somebody else may create. Nothing ends the creator itself. Default 10 s.
     */
    public CacheBuilder<K, V> maxCreationTime(Duration duration) {
        this.maxCreationTime = Objects.requireNonNull(duration, "maxCreationTime");
        return this;
    }

    /**
     * How long a claim lives without renewal, so after how long a dead process is replaced. At most {@code timeToLive}.
     * Default 2 s.
     */
    public CacheBuilder<K, V> lease(Duration duration) {
        this.lease = Objects.requireNonNull(duration, "lease");
        return this;
    }

    /**
     * How long a failure of creator or arbiter stands in the shared store, for those of other processes who waited for it:
     * they fail with it, as those of this process do, instead of trying one after the other. A caller that comes later
     * creates at once. The error's class and message (its first 500 characters) get to the shared store by this. Default
     * 1 s; 0: off.
     */
    public CacheBuilder<K, V> failureHold(Duration duration) {
        this.failureHold = Objects.requireNonNull(duration, "failureHold");
        return this;
    }

    /**
     * How many callers of this cache in this process may be at the arbiter at a time while the shared store is away, or
     * after they waited for others for {@code waitTimeout}. Who has created, and waits for its place until
     * {@code waitTimeout} is over, inserts all the same. Default 16. Each uses a connection: keep those of all caches of a
     * process together below the size of its connection pool.
     */
    public CacheBuilder<K, V> maxDirect(int callers) {
        this.maxDirect = callers;
        return this;
    }

    /** What to do, without an arbiter, while the shared store is out of reach. Default {@link WhenSharedDown#FAIL}. */
    public CacheBuilder<K, V> whenSharedDown(WhenSharedDown choice) {
        this.whenSharedDown = Objects.requireNonNull(choice, "whenSharedDown");
        return this;
    }

    /**
     * Lets hits in the process read a clock that a thread of the cache sets every 4 ms: they then take less than
     * half of the time. Off unless this is called, since bounds of time get softer by it: an entry may be served past its
     * {@code expireAfterWrite} and past {@code maxStaleness} by those 4 ms, and, where the process was frozen or its
     * threads wait for a processor, for as long as that one thread has not run again. Invalidations that are told are
     * obeyed at once, as ever. The thread ends with {@link GetOrCreateCache#close}.
     */
    public CacheBuilder<K, V> coarseClock() {
        this.coarseClock = true;
        return this;
    }

    /**
     * Where {@link GetOrCreateCache#obtainAsync} runs creators; it stays the caller's. Default: virtual threads where
     * the JVM has them (21 and newer), else a pool of this cache's own, of 4 daemon threads or twice the number of
     * processors, if that is more, with an unbounded queue. A call that is not begun within {@code waitTimeout} fails with a
     * {@link WaitTimeoutException}.
     */
    public CacheBuilder<K, V> executor(Executor runner) {
        this.executor = Objects.requireNonNull(runner, "executor");
        return this;
    }

    /** Hears of rare events. */
    public CacheBuilder<K, V> listener(CacheListener hearer) {
        this.listener = Objects.requireNonNull(hearer, "listener");
        return this;
    }

    /** Another clock, for tests. */
    public CacheBuilder<K, V> timeSource(TimeSource clock) {
        this.time = Objects.requireNonNull(clock, "timeSource");
        return this;
    }

    /**
     * Builds the cache. With a shared tier it asks each server that is connected whether the user has the rights, one after
     * the other, so it blocks for at most one command time-out for each of them; one that is away is not waited for. The
     * arbiter is not asked.
     *
     * @throws IllegalArgumentException if settings are missing, absurd or contradict each other; it names them
     * @throws IllegalStateException if a cache of that name is open on this shared store, or the store is closed
     */
    public GetOrCreateCache<K, V> build() {
        if (local == null && shared == null && arbiter == null) {
            throw new IllegalArgumentException(
                    "cache '" + name + "' has no tier: add local(...), shared(...) or" + " arbiter(...)");
        }
        Duration patience =
                waitTimeout == null ? Knobs.waitTimeout(maxCreationTime, lease, shared != null) : waitTimeout;
        Knobs knobs = new Knobs(
                timeToLive, patience, maxCreationTime, lease, failureHold, maxDirect, whenSharedDown, coarseClock);
        knobs.check(local != null, shared != null, arbiter != null);
        Transactions transactions = arbiter == null
                ? Transactions.NONE
                : Objects.requireNonNull(
                        arbiter.transactions(),
                        "the arbiter's transactions() gave null; it must give Transactions.NONE");
        Engine<K, V> engine = new Engine<>(name, knobs, local, shared, arbiter, executor, listener, time);
        GetOrCreateCache<K, V> cache =
                transactions == Transactions.NONE ? engine : new TransactionalCache<>(engine, transactions);
        return canonicalKey == null ? cache : new CanonicalCache<>(cache, canonicalKey);
    }
}
