package dev.getorcreate;

import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import org.jspecify.annotations.Nullable;

/**
 * What a cache is made of, opened.
 *
 * @param keepNanos how long a local entry may be served after it was read; 0: there is no local tier
 * @param keepUnvouchedNanos the same for what no connection vouches for: read in the database while the shared store was
 *     not asked or not there
 */
record Tiers<K, V>(
        LocalStore<K, Flight<V>> local,
        long keepNanos,
        long keepUnvouchedNanos,
        @Nullable SharedSpace<K> shared,
        @Nullable Codec<V> codec,
        @Nullable Arbiter<K, V> arbiter,
        Bulkhead direct,
        Counters counters,
        Knobs knobs,
        TimeSource time) {}
