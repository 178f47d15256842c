package dev.getorcreate.proof.engine;

import dev.getorcreate.spi.TimeSource;
import java.util.concurrent.CompletableFuture;

/** Another clock's time, for a test that changes one of these. */
class RelayedTime implements TimeSource {

    private final TimeSource real;

    RelayedTime(TimeSource real) {
        this.real = real;
    }

    @Override
    public long nanoTime() {
        return real.nanoTime();
    }

    @Override
    public long epochMillis() {
        return real.epochMillis();
    }

    @Override
    public boolean await(CompletableFuture<?> future, long until) throws InterruptedException {
        return real.await(future, until);
    }

    @Override
    public CompletableFuture<?> after(long delayNanos, Runnable task) {
        return real.after(delayNanos, task);
    }
}
