package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/**
 * The caller waited for {@code waitTimeout} and there is no arbiter that it could have asked instead.
 */
public final class WaitTimeoutException extends CacheException {

    private static final long serialVersionUID = 1L;

    /** For adapters: the message says what happened and what to do. */
    public WaitTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
