package dev.getorcreate.jdbc;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.time.Duration;
import java.util.concurrent.ThreadLocalRandom;

/** Bounded, jittered attempts: together they wait well under a second, and no more than two take all their time. */
final class Attempts {

    private static final int LIMIT = 6;
    private static final long FIRST_WAIT_MILLIS = 20;

    private final Duration timeout;
    private int made = 1;
    private int overdue;
    private long began = System.nanoTime();

    /**
     * The first attempt begins.
     *
     * @param timeout how long one may take
     */
    Attempts(Duration timeout) {
        this.timeout = timeout;
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
        if (System.nanoTime() - began >= timeout.toNanos() && ++overdue >= 2) {
            return false;
        }
        long bound = FIRST_WAIT_MILLIS << (made - 1);
        made++;
        try {
            // At least half, since the other side needs time too; the rest at random, so that rivals part.
            Thread.sleep(ThreadLocalRandom.current().nextLong(bound / 2, bound + 1));
            began = System.nanoTime();
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
