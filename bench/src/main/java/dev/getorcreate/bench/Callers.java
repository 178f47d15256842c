package dev.getorcreate.bench;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.CacheException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.InMemoryArbiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Threads that ask for one fresh key after the other, and look whether another process finds what they created. */
final class Callers implements AutoCloseable {

    static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    private static final int THREADS = 2;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long NOT_YET = Long.MAX_VALUE;

    final String arbiter;
    /** From the kill to the first creation that the other process found. */
    final List<Double> sharedMillis = new ArrayList<>();
    /** From the kill to the first answer, whoever gave it. */
    final List<Double> answeredMillis = new ArrayList<>();

    final AtomicInteger calls = new AtomicInteger();
    final CallerErrors errors = new CallerErrors();
    private final @Nullable InMemoryArbiter<String, String> decider;
    private final GetOrCreateCache<String, String> creating;
    private final TroubleFinder finding;

    private volatile long killing = NOT_YET;
    private volatile long killed = NOT_YET;
    private final AtomicInteger keys = new AtomicInteger();
    /** Guarded by this. Of the present trial. */
    private boolean isShared;

    private boolean isAnswered;

    /** Creates through that store, as one process. */
    Callers(UpstreamGroup group, RedisSharedStore store, @Nullable InMemoryArbiter<String, String> decider) {
        this.arbiter = decider == null ? "without" : "with";
        this.decider = decider;
        String name = "trouble-" + arbiter;
        CacheBuilder<String, String> builder = GetOrCreateCache.<String, String>builder(name)
                .shared(store, KeyCodec.string(), Codec.string())
                .local(CaffeineLocal.defaults())
                .timeToLive(TIME_TO_LIVE);
        this.creating = (decider == null ? builder : builder.arbiter(decider)).build();
        this.finding = new TroubleFinder(group, name);
    }

    /** Asks until the other process found a key, for at most so long. */
    CompletableFuture<Void> begin(String prefix, Duration longest) {
        synchronized (this) {
            killing = NOT_YET;
            killed = NOT_YET;
            isShared = false;
            isAnswered = false;
        }
        long end = System.nanoTime() + longest.toNanos();
        return CompletableFuture.allOf(Stream.generate(() -> prefix)
                .limit(THREADS)
                .map(own -> CompletableFuture.runAsync(() -> ask(own, end), Callers::thread))
                .toArray(CompletableFuture<?>[]::new));
    }

    /** The upstream is no more: what is asked from now on counts. */
    void killed(long before, long after) {
        killing = before;
        killed = after;
    }

    private void ask(String prefix, long end) {
        while (!isOver()) {
            if (System.nanoTime() - end > 0) {
                throw new IllegalStateException(
                        "nothing was shared in time, arbiter: " + arbiter + ", errors " + errors);
            }
            String key = prefix + keys.incrementAndGet();
            long began = System.nanoTime();
            boolean counts = began > killed;
            try {
                calls.incrementAndGet();
                String unused = creating.getOrCreate(key, any -> "made");
                if (counts) {
                    answered();
                    if (finding.finds(key)) {
                        shared();
                    }
                }
            } catch (CacheException e) {
                errors.add(e);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private synchronized boolean isOver() {
        return isShared;
    }

    private synchronized void answered() {
        if (!isAnswered) {
            isAnswered = true;
            answeredMillis.add((System.nanoTime() - killing) / 1e6);
        }
    }

    private synchronized void shared() {
        if (!isShared) {
            isShared = true;
            sharedMillis.add((System.nanoTime() - killing) / 1e6);
        }
    }

    /** Finds and inserts for each call. */
    double decisionsPerCall() {
        return decider == null ? 0 : (decider.finds() + decider.inserts()) / (double) calls.get();
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "caller");
        thread.setDaemon(true);
        thread.start();
    }

    @Override
    public void close() {
        creating.close();
        finding.close();
    }
}
