package dev.getorcreate.testkit;

import dev.getorcreate.spi.TimeSource;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.jspecify.annotations.Nullable;

/**
 * Time that moves only when it is told to. Threads that wait on it really block, until what they wait for is done or time
 * has been moved far enough; timers run on the thread that moves time, in the order of their times, each at its own.
 *
 * <p>A thread whose wait is over runs on its own from then on: {@link #awaitWaiting} is how a test makes sure that it has
 * come to its next wait before time moves on.
 */
public final class VirtualTime implements TimeSource {

    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    /** Guards what follows. */
    private final Object lock = new Object();

    private final PriorityQueue<Timer> timers =
            new PriorityQueue<>(Comparator.comparingLong(Timer::due).thenComparingLong(Timer::number));
    private final Set<CompletableFuture<?>> waits = new HashSet<>();
    private long now;
    private long numbers;

    /** Held while time moves: one mover at a time. */
    private final Object moving = new Object();

    private record Timer(long due, long number, Runnable task, CompletableFuture<@Nullable Void> state) {}

    /** Time begins at 0. */
    public VirtualTime() {}

    @Override
    public long nanoTime() {
        synchronized (lock) {
            return now;
        }
    }

    @Override
    public long epochMillis() {
        return EPOCH_MILLIS + nanoTime() / 1_000_000;
    }

    @Override
    @SuppressWarnings("CollectionUndefinedEquality") // identity is meant
    public boolean await(CompletableFuture<?> future, long until) throws InterruptedException {
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        if (future.isDone() || until <= nanoTime()) {
            return future.isDone();
        }
        CompletableFuture<?> timeout = at(until, () -> {});
        CompletableFuture<?> either = CompletableFuture.anyOf(future, timeout);
        enter(either);
        try {
            either.get();
        } catch (ExecutionException | CancellationException e) {
            return true; // it is done, though not well
        } finally {
            timeout.cancel(false);
            synchronized (lock) {
                waits.remove(either);
            }
        }
        return future.isDone();
    }

    @SuppressWarnings("CollectionUndefinedEquality") // identity is meant
    private void enter(CompletableFuture<?> wait) {
        synchronized (lock) {
            waits.add(wait);
            lock.notifyAll();
        }
    }

    @Override
    public CompletableFuture<?> after(long delayNanos, Runnable task) {
        long start = nanoTime();
        long due = start + Math.max(0, delayNanos);
        return at(due < start ? Long.MAX_VALUE : due, task);
    }

    private CompletableFuture<?> at(long due, Runnable task) {
        Timer timer;
        synchronized (lock) {
            timer = new Timer(due, numbers++, task, new CompletableFuture<>());
            if (due > now) {
                timers.add(timer);
                return timer.state();
            }
        }
        fire(timer); // time has been moved past it in the meantime, or it has no delay
        return timer.state();
    }

    private static void fire(Timer timer) {
        if (timer.state().complete(null)) {
            timer.task().run();
        }
    }

    /** Moves time on, running what falls due on the way. Returns when all of that has run. */
    public void advance(Duration by) {
        if (by.isNegative()) {
            throw new IllegalArgumentException("time does not go back: " + by);
        }
        synchronized (moving) {
            long target = nanoTime() + by.toNanos();
            Timer next = nextUntil(target);
            while (next != null) {
                fire(next);
                next = nextUntil(target);
            }
        }
    }

    /** The next timer that is due by then, with time moved to it; null, with time moved to the target, if there is none. */
    private @Nullable Timer nextUntil(long target) {
        synchronized (lock) {
            while (true) {
                Timer first = timers.peek();
                if (first == null || first.due() > target) {
                    now = Math.max(now, target);
                    return null;
                }
                timers.remove();
                if (!first.state().isDone()) {
                    now = Math.max(now, first.due());
                    return first;
                }
            }
        }
    }

    /** How many threads wait, whose wait is not over. */
    public int waiting() {
        synchronized (lock) {
            return (int) waits.stream().filter(wait -> !wait.isDone()).count();
        }
    }

    /**
     * Blocks until at least so many threads wait.
     *
     * @param atMost in real time
     * @throws AssertionError if they do not
     */
    public void awaitWaiting(int threads, Duration atMost) {
        long end = System.nanoTime() + atMost.toNanos();
        synchronized (lock) {
            while (waiting() < threads) {
                long millis = (end - System.nanoTime()) / 1_000_000;
                if (millis <= 0) {
                    throw new AssertionError("only " + waiting() + " of " + threads + " threads wait after " + atMost);
                }
                try {
                    lock.wait(millis);
                } catch (InterruptedException e) {
                    Thread.currentThread().interrupt();
                    throw new AssertionError("interrupted", e);
                }
            }
        }
    }
}
