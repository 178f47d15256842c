package dev.getorcreate;

import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Transactions;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What a cache is made of, opened.
 *
 * @param keepNanos how long a local entry may be served after it was read; 0: there is no local tier
 * @param keepUnvouchedNanos the same for what no connection vouches for: read in the database while the shared store was
 *     not asked or not there
 */
record Tiers<K, V>(
        Entries<K, V> entries,
        long keepNanos,
        long keepUnvouchedNanos,
        @Nullable SharedSpace<K> shared,
        @Nullable Payloads<V> payloads,
        @Nullable Arbiter<K, V> arbiter,
        Bulkhead direct,
        Counters counters,
        Knobs knobs,
        TimeSource time) {

    /** The record, or null, counted, if the payload is none of this cache's. */
    @Nullable
    V decode(Look.Present present) {
        return requiredPayloads().decode(present.payload());
    }

    /** What stands there is no record of this cache. */
    void undecodable(Look.Unreadable unreadable) {
        requiredPayloads().undecodable(unreadable.why());
    }

    /** The record as bytes. A codec that cannot is a mistake to be seen, not a miss. */
    byte[] encode(V value) throws Failed {
        return requiredPayloads().encode(value);
    }

    /** The error where the shared store is out of reach, and there is no arbiter. */
    SharedStoreUnavailableException undecided(SharedStoreUnavailableException why, String advice) {
        return new SharedStoreUnavailableException(
                "cache '" + entries.name() + "': " + why.getMessage() + "; there is no arbiter to ask instead: "
                        + advice,
                why);
    }

    /** Where it is known that there is one. */
    Arbiter<K, V> requiredArbiter() {
        return Objects.requireNonNull(arbiter, "an arbiter");
    }

    /** Whether threads that lead flights here may be in transactions, which are no business of those who joined. */
    boolean joinsTransactions() {
        return arbiter != null && arbiter.transactions() != Transactions.NONE;
    }

    private Payloads<V> requiredPayloads() {
        return Objects.requireNonNull(payloads, "a shared store comes with a codec");
    }
}
