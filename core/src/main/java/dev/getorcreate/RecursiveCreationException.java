package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/**
 * A creator asked its own cache for its own key. It would wait for itself; it is refused at once.
 */
public final class RecursiveCreationException extends CacheException {

    private static final long serialVersionUID = 1L;

    /** For adapters: the message says what happened and what to do. */
    public RecursiveCreationException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
