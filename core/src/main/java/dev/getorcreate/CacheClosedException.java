package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/**
 * The cache was closed before or while this caller asked.
 */
public final class CacheClosedException extends CacheException {

    private static final long serialVersionUID = 1L;

    /** For adapters: the message says what happened and what to do. */
    public CacheClosedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
