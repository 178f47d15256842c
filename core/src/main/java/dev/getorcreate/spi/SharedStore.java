package dev.getorcreate.spi;

import java.time.Duration;

/** A store that all processes share. One per process serves all its caches; whoever made it closes it. */
public interface SharedStore {

    /**
     * Opens the space of a cache.
     *
     * @param cache the cache's name; processes that name the same cache share its records
     * @param codecId stands in every payload: a record of another codec is a miss
     * @throws IllegalStateException if a space of that name is open on this store already
     */
    <K> SharedSpace<K> open(String cache, KeyCodec<K> keys, String codecId, Changes<K> changes);

    /** How long after another process's confirmed invalidation a local entry may still be served. */
    Duration maxStaleness();
}
