package dev.getorcreate.jdbc;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.util.concurrent.ThreadLocalRandom;

/** Bounded, jittered attempts: together they wait well under a second. */
final class Attempts {

    private static final int LIMIT = 6;
    private static final long FIRST_WAIT_MILLIS = 20;

    private int made = 1;

    /**
     * Waits before another attempt.
     *
     * @return whether there is one
     */
    boolean again(Throwable reason) {
        if (made == LIMIT || (reason instanceof NotConnectedException none && none.waited)) {
            return false;
        }
        long bound = FIRST_WAIT_MILLIS << (made - 1);
        made++;
        try {
            // At least half, since the other side needs time too; the rest at random, so that rivals part.
            Thread.sleep(ThreadLocalRandom.current().nextLong(bound / 2, bound + 1));
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
