package dev.getorcreate.spi;

/**
 * How the engine learns that a key changed in the shared store. That <em>everything</em> may have changed (connection
 * lost, store flushed) is said by ending the {@link Vouch}.
 */
@FunctionalInterface
public interface Changes<K> {

    /** The key was written, deleted or expired. Called on the thread that sees the wire; must not block. */
    void changed(K key);
}
