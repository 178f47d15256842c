package dev.getorcreate;

import dev.getorcreate.spi.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A clock that costs its readers no more than a field: a thread of its own sets it every few milliseconds. It is late by
 * as much as that thread is kept from running. Once it is closed, nothing is fresh by it.
 */
final class CoarseTime implements TimeSource, AutoCloseable {

    private static final long STEP = TimeUnit.MILLISECONDS.toNanos(4);

    private final TimeSource exact;
    private final Thread ticking;
    /** Guard: volatile; written by the ticking thread alone. */
    private volatile long now;
    /** Guard: volatile; set for good. */
    private volatile boolean closed;

    CoarseTime(TimeSource exact, String name) {
        this.exact = exact;
        this.now = exact.nanoTime();
        this.ticking = new Thread(null, this::tick, "getorcreate-clock-" + name, 0, false);
        ticking.setDaemon(true);
        ticking.start();
    }

    /** Ends with the clock, or with the JVM. */
    private void tick() {
        while (!closed) {
            LockSupport.parkNanos(STEP);
            var unused = Thread.interrupted(); // or it would not sleep any more
            now = readExact();
        }
        now = Long.MAX_VALUE; // by a clock that stands still, nothing would ever expire
    }

    private long readExact() {
        try {
            return exact.nanoTime();
        } catch (RuntimeException | Error e) {
            return Long.MAX_VALUE; // nothing is fresh by it, and who asks reads the exact clock, which tells him
        }
    }

    @Override
    public long nanoTime() {
        return now;
    }

    @Override
    public long epochMillis() {
        return exact.epochMillis();
    }

    @Override
    public boolean await(CompletableFuture<?> future, long until) throws InterruptedException {
        return exact.await(future, until);
    }

    @Override
    public CompletableFuture<?> after(long delayNanos, Runnable task) {
        return exact.after(delayNanos, task);
    }

    @Override
    public void close() {
        closed = true;
        LockSupport.unpark(ticking);
    }
}
