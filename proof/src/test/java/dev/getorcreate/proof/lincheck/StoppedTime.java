package dev.getorcreate.proof.lincheck;

import dev.getorcreate.spi.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;

/** Time does not pass, so no timer's thread meddles: waits end by what is waited for. */
final class StoppedTime implements TimeSource {

    @Override
    public long nanoTime() {
        return 1;
    }

    @Override
    public long epochMillis() {
        return 1;
    }

    @Override
    public boolean await(CompletableFuture<?> future, long until) throws InterruptedException {
        try {
            future.get();
        } catch (ExecutionException e) {
            // That it ended is all that was waited for.
        }
        return true;
    }

    @Override
    public CompletableFuture<?> after(long delayNanos, Runnable task) {
        return new CompletableFuture<>();
    }
}
