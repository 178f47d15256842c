package dev.getorcreate.spi;

import java.util.concurrent.CompletableFuture;

/** The clock and every wait of the engine, so that a test can own both. */
public interface TimeSource {

    /** Monotonic nanoseconds since an arbitrary origin, never negative. */
    long nanoTime();

    /** Wall clock milliseconds, for what leaves the process. Nothing is decided by it. */
    long epochMillis();

    /**
     * Blocks until the future is done, however it is done, or until {@code until} on this clock.
     *
     * @return whether the future is done
     * @throws InterruptedException if the thread is interrupted before or while it waits
     */
    boolean await(CompletableFuture<?> future, long until) throws InterruptedException;

    /**
     * Runs the task after the delay, on a thread of this clock: the task must be short and must not block.
     *
     * @return cancelling it ends the timer
     */
    CompletableFuture<?> after(long delayNanos, Runnable task);

    /** The machine's clock. It owns no thread that would have to be ended. */
    static TimeSource system() {
        return SystemTime.INSTANCE;
    }
}
