package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/**
 * No record could be made: a creator threw a checked exception (the cause), gave null, or lost its claim too often; the
 * codec could not write what it made; the creation that was waited for failed in another process (the message has that
 * error's class and message); or so many that were waited for ended without an answer that waiting on makes no sense.
 */
public final class CreationFailedException extends CacheException {

    private static final long serialVersionUID = 1L;

    /** For adapters: the message says what happened and what to do. */
    public CreationFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
