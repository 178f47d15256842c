package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/**
 * The shared store is out of reach, slow or refuses, and there is no arbiter that could decide instead.
 */
public final class SharedStoreUnavailableException extends CacheException {

    private static final long serialVersionUID = 1L;

    /** For adapters: the message says what happened and what to do. */
    public SharedStoreUnavailableException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
