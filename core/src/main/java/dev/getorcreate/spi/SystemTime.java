package dev.getorcreate.spi;

import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;

/** The machine's clock; timers are the JDK's own, of {@link CompletableFuture#completeOnTimeout}. */
final class SystemTime implements TimeSource {

    static final SystemTime INSTANCE = new SystemTime();

    private static final long ORIGIN = System.nanoTime();

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
        // Runs only if the time-out completes the timer; a cancelled one does not. Not on the JVM's one timer thread:
        // the task may come to callbacks of users.
        var unused = timer.thenRunAsync(task);
        return timer.completeOnTimeout(null, delayNanos, TimeUnit.NANOSECONDS);
    }
}
