package dev.getorcreate.jdbc;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;
import java.util.function.LongSupplier;

/**
 * Bounded, jittered attempts: in between they wait well under a second together, and none begins once they have taken one and
 * a half times what one may take. So no more than two take all their time.
 */
final class Attempts {

    private static final int LIMIT = 6;
    private static final long FIRST_WAIT_MILLIS = 20;

    private final Duration timeout;
    private final LongSupplier clock;
    private int made = 1;
    private long began;

    /** By the attempts that are over, each for as long as one may take at most: to give its connection up takes longer. */
    private long spent;

    /**
     * The first attempt begins.
     *
     * @param timeout how long one may take
     */
    Attempts(Duration timeout) {
        this(timeout, System::nanoTime);
    }

    Attempts(Duration timeout, LongSupplier clock) {
        this.timeout = timeout;
        this.clock = clock;
        this.began = clock.getAsLong();
    }

    /**
     * Waits before another attempt.
     *
     * @return whether there is one
     */
    boolean again(Throwable reason) {
        if (made == LIMIT || (reason instanceof NotConnectedException none && none.waited)) {
            return false;
        }
        // Another connection may answer where one fell silent; if that is silent too, the others will be.
        spent += Math.min(clock.getAsLong() - began, timeout.toNanos());
        if (spent >= timeout.toNanos() * 3 / 2) {
            return false;
        }
        long bound = FIRST_WAIT_MILLIS << (made - 1);
        made++;
        try {
            // At least half, since the other side needs time too; the rest at random, so that rivals part.
            Thread.sleep(ThreadLocalRandom.current().nextLong(bound / 2, bound + 1));
            began = clock.getAsLong();
            return true;
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            ArbiterFailedException failure =
                    new ArbiterFailedException("interrupted before the database was asked again", e);
            failure.addSuppressed(reason);
            throw failure;
        }
    }
}
