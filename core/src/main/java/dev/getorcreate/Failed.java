package dev.getorcreate;

import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Look;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Carries what a creator, arbiter or codec threw, or what ended a wait, up to the leader's one place that ends a flight,
 * so that it is never mistaken for an error of this cache's own shared store.
 */
final class Failed extends Exception {

    private static final long serialVersionUID = 1L;

    /** What the leader's caller gets. */
    final RuntimeException error;
    /** Whether it concerns the leader alone: those who joined ask again. */
    final boolean leaderOnly;
    /** What was thrown before it was wrapped for the caller. */
    private final Exception thrown;

    private Failed(RuntimeException error, boolean leaderOnly, Exception thrown) {
        super(null, error, false, false);
        this.error = error;
        this.leaderOnly = leaderOnly;
        this.thrown = thrown;
    }

    private Failed(RuntimeException error, boolean leaderOnly) {
        this(error, leaderOnly, error);
    }

    static Failed forAll(RuntimeException error) {
        return new Failed(error, false);
    }

    static Failed leaderOnly(RuntimeException error) {
        return new Failed(error, true);
    }

    /** The creator threw. An interrupt, and a wait that was this caller's own, are the leader's alone. */
    static Failed inCreator(Exception thrown) {
        if (thrown instanceof InterruptedException) {
            return interrupted(thrown);
        }
        RuntimeException error = thrown instanceof RuntimeException unchecked
                ? unchecked
                : new CreationFailedException("the creator threw " + described(thrown), thrown);
        return new Failed(error, ownTrouble(thrown), thrown);
    }

    /** What is left in the shared store for those of other processes who waited; null: nothing. */
    @Nullable
    Failure mark(Duration hold) {
        // That this process closes its cache is no news about the key.
        if (hold.isZero() || thrown instanceof CacheClosedException) {
            return null;
        }
        return new Failure(thrown.getClass().getName(), messageOf(thrown), hold);
    }

    private static String described(Exception thrown) {
        String message = messageOf(thrown);
        return thrown.getClass().getName() + (message.isEmpty() ? "" : ": " + message);
    }

    /** Users' exceptions may throw when they are asked. */
    private static String messageOf(Throwable thrown) {
        try {
            String message = thrown.getMessage();
            return message == null ? "" : message;
        } catch (Throwable e) {
            return "";
        }
    }

    /** Another process failed, and left this mark for those who waited. */
    static Failed elsewhere(Look.Failed mark) {
        return forAll(new CreationFailedException(
                "the creation that was waited for failed in another process: " + mark.error()
                        + (mark.message().isEmpty() ? "" : ": " + mark.message()),
                null));
    }

    /** The arbiter threw. */
    static Failed inArbiter(String method, Exception thrown) {
        if (thrown instanceof InterruptedException) {
            return interrupted(thrown);
        }
        RuntimeException error = thrown instanceof CacheException known
                ? known
                : new ArbiterFailedException("the arbiter's " + method + " threw " + described(thrown), thrown);
        return new Failed(error, ownTrouble(thrown));
    }

    static Failed interrupted(Throwable cause) {
        Thread.currentThread().interrupt();
        return leaderOnly(new WaitInterruptedException("interrupted while waiting or creating", cause));
    }

    private static boolean ownTrouble(Throwable thrown) {
        return Thread.currentThread().isInterrupted()
                || thrown instanceof WaitTimeoutException
                || thrown instanceof WaitInterruptedException;
    }
}
