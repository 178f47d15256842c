package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/**
 * No record could be made: a creator threw a checked exception (the cause), gave null, or lost its claim too often; or
 * the creation that was waited for failed in another process (the message has that error's class and message).
 */
public final class CreationFailedException extends CacheException {

    private static final long serialVersionUID = 1L;

    /** For adapters: the message says what happened and what to do. */
    public CreationFailedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
