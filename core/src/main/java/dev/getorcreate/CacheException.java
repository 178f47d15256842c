package dev.getorcreate;

import org.jspecify.annotations.Nullable;

/** What a cache itself throws. Unchecked exceptions of a {@link Creator} are not wrapped and pass as they are. */
public abstract sealed class CacheException extends RuntimeException
        permits ArbiterFailedException,
                CacheClosedException,
                CreationFailedException,
                RecursiveCreationException,
                SharedStoreUnavailableException,
                WaitInterruptedException,
                WaitTimeoutException {

    private static final long serialVersionUID = 1L;

    CacheException(String message, @Nullable Throwable cause) {
        super(message, cause);
    }
}
