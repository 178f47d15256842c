package dev.getorcreate.spi;

import java.time.Duration;

/** Opens the local store of a cache. */
public interface LocalTier {

    /** How long after it was read an entry may be served; positive. */
    Duration expireAfterWrite();

    /** A new and empty store for the named cache. */
    <K, V> LocalStore<K, V> open(String cache, TimeSource time);
}
