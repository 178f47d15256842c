package dev.getorcreate.proof.engine;

import dev.getorcreate.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;

/** The machine's clock, that knows how many threads wait in it: so that a test can tell that a caller has joined. */
final class WatchedTime extends RelayedTime {

    private final AtomicInteger waiting = new AtomicInteger();

    WatchedTime() {
        super(TimeSource.system());
    }

    /** Waits until so many threads wait. */
    void awaitWaiting(int threads) {
        Awaitility.await("threads that wait")
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(1))
                .until(waiting::get, now -> now == threads);
    }

    @Override
    public boolean await(CompletableFuture<?> future, long until) throws InterruptedException {
        waiting.incrementAndGet();
        try {
            return super.await(future, until);
        } finally {
            waiting.decrementAndGet();
        }
    }
}
