package dev.getorcreate.local;

import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import java.time.Duration;
import java.util.Objects;

/**
 * Keeps records in this process, bounded in number and age, on <a
 * href="https://github.com/ben-manes/caffeine">Caffeine</a>. Immutable; may be given to several caches, each of which
 * gets a store of its own.
 */
public final class CaffeineLocal implements LocalTier {

    private static final long DEFAULT_SIZE = 10_000;
    private static final Duration DEFAULT_EXPIRY = Duration.ofMinutes(1);
    private static final Duration ABSURD = Duration.ofDays(365);

    private final long maximumSize;
    private final Duration expireAfterWrite;

    private CaffeineLocal(long maximumSize, Duration expireAfterWrite) {
        this.maximumSize = maximumSize;
        this.expireAfterWrite = expireAfterWrite;
    }

    /** At most 10 000 entries, each served for at most 1 minute after it was read. */
    public static CaffeineLocal defaults() {
        return new CaffeineLocal(DEFAULT_SIZE, DEFAULT_EXPIRY);
    }

    /** How many entries may be kept, about; at least 1. Resolutions in progress do not count and are never evicted. */
    public CaffeineLocal maximumSize(long entries) {
        if (entries < 1) {
            throw new IllegalArgumentException("local.maximumSize must be at least 1, not " + entries
                    + "; leave the local tier out to keep nothing in this process");
        }
        return new CaffeineLocal(entries, expireAfterWrite);
    }

    /**
     * How long after it was read an entry may be served. A value's greatest age is this and the shared store's
     * {@code timeToLive} together.
     */
    public CaffeineLocal expireAfterWrite(Duration duration) {
        Objects.requireNonNull(duration, "duration");
        if (duration.compareTo(Duration.ofMillis(1)) < 0 || duration.compareTo(ABSURD) > 0) {
            throw new IllegalArgumentException(
                    "local.expireAfterWrite must be between 1 ms and " + ABSURD + ", not " + duration);
        }
        return new CaffeineLocal(maximumSize, duration);
    }

    @Override
    public Duration expireAfterWrite() {
        return expireAfterWrite;
    }

    @Override
    public <K, V> LocalStore<K, V> open(String cache, TimeSource time) {
        return new CaffeineStore<>(maximumSize, expireAfterWrite, time);
    }
}
