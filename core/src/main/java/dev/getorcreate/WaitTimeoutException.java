package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/**
 * The caller waited for others for {@code waitTimeout} and could not ask the arbiter instead: there is none, or all
 * {@code maxDirect} places at it stayed taken; or the executor of {@code obtainAsync} did not begin the call in time.
 */
public final class WaitTimeoutException extends CacheException {

    private static final long serialVersionUID = 1L;

    /** For adapters: the message says what happened and what to do. */
    public WaitTimeoutException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
