package dev.getorcreate.proof.engine;

import dev.getorcreate.spi.TimeSource;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;

/** A clock that stands still until the test moves it, and that knows how many threads wait in it. */
final class ManualTime implements TimeSource {

    private record Timer(long at, CompletableFuture<@Nullable Void> due) {}

    private static final Duration STEP = Duration.ofMillis(100);

    /** Guards everything. */
    private final Object lock = new Object();

    private final List<Timer> timers = new ArrayList<>();
    private long now;
    private int waiting;

    /** Moves the clock; what becomes due on the way happens at its own time, in order, on this thread. */
    void advance(Duration by) {
        long end = nanoTime() + by.toNanos();
        for (Timer next = next(end); next != null; next = next(end)) {
            next.due().complete(null);
        }
    }

    private @Nullable Timer next(long end) {
        synchronized (lock) {
            timers.removeIf(timer -> timer.due().isDone());
            Timer next = timers.stream()
                    .filter(timer -> timer.at() <= end)
                    .min(Comparator.comparingLong(Timer::at))
                    .orElse(null);
            now = next == null ? end : Math.max(now, next.at());
            if (next != null) {
                timers.remove(next);
            }
            return next;
        }
    }

    /** Moves the clock in small steps, and after each lets so many threads fall asleep again: as a real clock would. */
    void advance(Duration by, int sleepers) {
        long end = nanoTime() + by.toNanos();
        while (nanoTime() < end) {
            advance(Duration.ofNanos(Math.min(STEP.toNanos(), end - nanoTime())));
            if (nanoTime() < end) {
                awaitWaiting(sleepers);
            }
        }
    }

    /** Waits, in real time, until so many threads wait. */
    void awaitWaiting(int threads) {
        Awaitility.await("threads that wait")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(
                        () -> {
                            synchronized (lock) {
                                return waiting;
                            }
                        },
                        count -> count == threads);
    }

    @Override
    public long nanoTime() {
        synchronized (lock) {
            return now;
        }
    }

    @Override
    public long epochMillis() {
        return nanoTime() / 1_000_000;
    }

    @Override
    public boolean await(CompletableFuture<?> future, long until) throws InterruptedException {
        CompletableFuture<@Nullable Void> time = timer(until);
        count(1);
        try {
            CompletableFuture.anyOf(future, time).get();
        } catch (ExecutionException | CancellationException e) {
            // However it is done, it is done.
        } finally {
            count(-1);
            time.cancel(false);
        }
        return future.isDone();
    }

    @Override
    public CompletableFuture<?> after(long delayNanos, Runnable task) {
        CompletableFuture<@Nullable Void> timer = timer(nanoTime() + delayNanos);
        var unused = timer.thenRun(task);
        return timer;
    }

    private CompletableFuture<@Nullable Void> timer(long at) {
        CompletableFuture<@Nullable Void> due = new CompletableFuture<>();
        synchronized (lock) {
            if (at <= now) {
                due.complete(null);
            } else {
                timers.add(new Timer(at, due));
            }
        }
        return due;
    }

    private void count(int by) {
        synchronized (lock) {
            waiting += by;
        }
    }
}
