package dev.getorcreate.spi;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinWorkerThread;
import java.util.concurrent.Future;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The machine's clock. Its timers have a thread of their own, and what is due has others: both end what hangs, and what
 * hangs may fill every pool that others share, the common one too, or the JVM's one timer thread, which runs the callbacks
 * of whatever future of the program timed out.
 */
final class SystemTime implements TimeSource {

    static final SystemTime INSTANCE = new SystemTime();

    private static final long ORIGIN = System.nanoTime();

    private static final long IDLE_SECONDS = 5;

    /** As many threads as are due at once, for what they run may come to callbacks of users. Idle ones end. */
    private static final Executor DUE = new ThreadPoolExecutor(
            0,
            Integer.MAX_VALUE,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new SynchronousQueue<>(),
            task -> thread("getorcreate-due", task));

    /** One thread, which ends when there is no timer. */
    private static final ScheduledThreadPoolExecutor TIMERS =
            new ScheduledThreadPoolExecutor(1, task -> thread("getorcreate-timers", task));

    static {
        TIMERS.setRemoveOnCancelPolicy(true); // most are cancelled, long before they are due
        TIMERS.setKeepAliveTime(IDLE_SECONDS, TimeUnit.SECONDS);
        TIMERS.allowCoreThreadTimeOut(true);
    }

    /** One timer. Whether it is completed by being due, or cancelled, is decided by the future that it is. */
    private static final class Timer extends CompletableFuture<@Nullable Void> implements Runnable {

        /** Guard: volatile; null once it is of no use, so that a future somebody keeps holds nothing else. */
        private volatile @Nullable Runnable task;
        /** Guard: volatile; set before the timer is handed out. */
        private volatile @Nullable Future<?> trigger;

        Timer(Runnable task) {
            this.task = task;
        }

        /** On the timers' thread. */
        @Override
        public void run() {
            Runnable due = task;
            if (complete(null) && due != null) {
                task = null;
                SystemTime.run(due);
            }
        }

        @Override
        public boolean cancel(boolean mayInterrupt) {
            boolean cancelled = super.cancel(mayInterrupt);
            Future<?> pending = trigger;
            if (cancelled) {
                task = null;
            }
            if (cancelled && pending != null) {
                pending.cancel(false);
            }
            return cancelled;
        }
    }

    private SystemTime() {}

    @Override
    public long nanoTime() {
        return System.nanoTime() - ORIGIN;
    }

    @Override
    public long epochMillis() {
        return System.currentTimeMillis();
    }

    @Override
    public boolean await(CompletableFuture<?> future, long until) throws InterruptedException {
        if (Thread.currentThread() instanceof ForkJoinWorkerThread) {
            return WorkersWait.await(future, () -> until - nanoTime());
        }
        try {
            future.get(Math.max(0, until - nanoTime()), TimeUnit.NANOSECONDS);
            return true;
        } catch (TimeoutException e) {
            return future.isDone();
        } catch (ExecutionException | CancellationException e) {
            return true;
        }
    }

    @Override
    public CompletableFuture<?> after(long delayNanos, Runnable task) {
        return after(TIMERS, delayNanos, task);
    }

    /** Where the thread cannot be started, the JDK's own timer stands in, which has one: nobody's call fails for this. */
    static CompletableFuture<?> after(ScheduledExecutorService timers, long delayNanos, Runnable task) {
        Timer timer = new Timer(task);
        try {
            timer.trigger = timers.schedule(timer, delayNanos, TimeUnit.NANOSECONDS);
        } catch (RuntimeException | Error e) {
            timer.trigger = new CompletableFuture<@Nullable Void>()
                    .completeOnTimeout(null, delayNanos, TimeUnit.NANOSECONDS)
                    .thenRun(timer);
        }
        return timer;
    }

    private static Thread thread(String name, Runnable task) {
        Thread thread = new Thread(null, task, name, 0, false); // nothing of whoever was first
        thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
        thread.setDaemon(true);
        return thread;
    }

    /** Not on the timers' thread, unless no other is to be had: what is due is never left out. */
    private static void run(Runnable task) {
        try {
            DUE.execute(task);
        } catch (RuntimeException | Error e) {
            task.run();
        }
    }
}
