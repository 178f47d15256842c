package dev.getorcreate.spi;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/**
 * The machine's clock. Timers are the JDK's own, of {@link CompletableFuture#completeOnTimeout}; what they run has threads
 * of its own, since it ends what hangs: creators that hang may fill every pool that others share, the common one too.
 */
final class SystemTime implements TimeSource {

    static final SystemTime INSTANCE = new SystemTime();

    private static final long ORIGIN = System.nanoTime();

    /** As many threads as are due at once, for what they run may come to callbacks of users. Idle ones end. */
    private static final Executor DUE =
            new ThreadPoolExecutor(0, Integer.MAX_VALUE, 5, TimeUnit.SECONDS, new SynchronousQueue<>(), task -> {
                Thread thread = new Thread(null, task, "getorcreate-due", 0, false); // nothing of whoever was first
                thread.setContextClassLoader(ClassLoader.getSystemClassLoader());
                thread.setDaemon(true);
                return thread;
            });

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
        CompletableFuture<@Nullable Void> timer = new CompletableFuture<>();
        // Runs only if the time-out completes the timer; a cancelled one does not.
        var unused = timer.thenRunAsync(task, SystemTime::run);
        return timer.completeOnTimeout(null, delayNanos, TimeUnit.NANOSECONDS);
    }

    /** Not on the JVM's one timer thread, unless no other is to be had: what is due is never left out. */
    private static void run(Runnable task) {
        try {
            DUE.execute(task);
        } catch (RuntimeException | Error e) {
            task.run();
        }
    }
}
