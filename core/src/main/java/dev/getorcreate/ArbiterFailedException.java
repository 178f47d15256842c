package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/**
 * The arbiter failed, or answered what it must not. Nothing was cached; whether a row was written is for the arbiter's
 * own error to say. The cause is that error.
 */
public final class ArbiterFailedException extends CacheException {

    private static final long serialVersionUID = 1L;

    /** For adapters: the message says what happened and what to do. */
    public ArbiterFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
