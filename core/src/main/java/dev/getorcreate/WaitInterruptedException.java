package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/**
 * The calling thread was interrupted while it waited or created. Its interrupt flag is set.
 */
public final class WaitInterruptedException extends CacheException {

    private static final long serialVersionUID = 1L;

    /** For adapters: the message says what happened and what to do. */
    public WaitInterruptedException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
