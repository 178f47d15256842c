package dev.getorcreate.bench;

import dev.getorcreate.Arbiter;
import dev.getorcreate.CacheBuilder;
import dev.getorcreate.CacheException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** Threads that ask for one fresh key after the other, and look whether another process finds what they created. */
final class Callers implements AutoCloseable {

    private static final int THREADS = 2;
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(5);
    private static final long NOT_YET = Long.MAX_VALUE;

    final String arbiter;
    /** From the kill to the first creation that the other process found. */
    final Samples shared = new Samples();
    /** From the kill to the first answer, whoever gave it. */
    final Samples answered = new Samples();

    final AtomicInteger calls = new AtomicInteger();
    private final Map<String, Integer> errors = new ConcurrentHashMap<>();
    private final GetOrCreateCache<String, String> creating;
    /** Another process's, which has neither arbiter nor local store: what it finds is in Redis. */
    private final GetOrCreateCache<String, String> finding;

    private volatile long killing = NOT_YET;
    private volatile long killed = NOT_YET;
    private final AtomicInteger keys = new AtomicInteger();
    /** Guarded by this. Of the present trial. */
    private boolean isShared;

    private boolean isAnswered;

    Callers(
            String arbiter,
            RedisSharedStore creatingStore,
            RedisSharedStore findingStore,
            @Nullable Arbiter<String, String> decider) {
        this.arbiter = arbiter;
        CacheBuilder<String, String> builder = builder(creatingStore).local(CaffeineLocal.defaults());
        this.creating = (decider == null ? builder : builder.arbiter(decider)).build();
        this.finding = builder(findingStore).build();
    }

    private CacheBuilder<String, String> builder(RedisSharedStore store) {
        return GetOrCreateCache.<String, String>builder("trouble-" + arbiter)
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5));
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
                    look(key);
                }
            } catch (CacheException e) {
                errors.merge(e.getClass().getSimpleName(), 1, Integer::sum);
            }
            LockSupport.parkNanos(PAUSE);
        }
    }

    private void look(String key) {
        try {
            if (finding.find(key).isPresent()) {
                shared();
            }
        } catch (CacheException e) {
            // No caller's error: the other process has not found the new upstream yet.
        }
    }

    private synchronized boolean isOver() {
        return isShared;
    }

    private synchronized void answered() {
        if (!isAnswered) {
            isAnswered = true;
            answered.add(System.nanoTime() - killing);
        }
    }

    private synchronized void shared() {
        if (!isShared) {
            isShared = true;
            shared.add(System.nanoTime() - killing);
        }
    }

    /** By class. */
    Map<String, Integer> errors() {
        return new TreeMap<>(errors);
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
