package dev.getorcreate;

import java.time.Duration;

/** The settings of a cache, ranked; checked once, when the cache is built. */
record Knobs(
        Duration timeToLive,
        Duration waitTimeout,
        Duration maxCreationTime,
        Duration lease,
        Duration failureHold,
        int maxDirect,
        WhenSharedDown whenSharedDown,
        boolean coarseClock) {

    static final Duration UNSET = Duration.ofSeconds(Long.MIN_VALUE);
    private static final Duration WAIT_TIMEOUT = Duration.ofSeconds(15);
    static final Duration MAX_CREATION_TIME = Duration.ofSeconds(10);
    static final Duration LEASE = Duration.ofSeconds(2);
    static final Duration FAILURE_HOLD = Duration.ofSeconds(1);
    static final int MAX_DIRECT = 16;

    /** A longer time is a mistake of unit, and would overflow nanoseconds somewhere. */
    private static final Duration ABSURD = Duration.ofDays(365);

    private static final Duration SHORTEST_LEASE = Duration.ofMillis(50);

    /** Where it was not set: with a shared tier long enough for the end of a creator that hangs, and some more. */
    static Duration waitTimeout(Duration maxCreationTime, Duration lease, boolean shared) {
        range("maxCreationTime", maxCreationTime, Duration.ofMillis(1));
        range("lease", lease, SHORTEST_LEASE);
        Duration longEnough = maxCreationTime.plus(lease).plusSeconds(3);
        return shared && longEnough.compareTo(WAIT_TIMEOUT) > 0 ? longEnough : WAIT_TIMEOUT;
    }

    void check(boolean local, boolean shared, boolean arbiter) {
        if (coarseClock && !local) {
            throw new IllegalArgumentException(
                    "coarseClock is for hits in the process, and there is no local tier: add local(...)");
        }
        range("waitTimeout", waitTimeout, Duration.ofMillis(1));
        range("maxCreationTime", maxCreationTime, Duration.ofMillis(1));
        range("lease", lease, SHORTEST_LEASE);
        if (!failureHold.isZero()) {
            range("failureHold", failureHold, Duration.ofMillis(1), "0 (off), or between ");
        }
        if (maxDirect < 1) {
            throw new IllegalArgumentException("maxDirect must be at least 1, not " + maxDirect);
        }
        if (shared) {
            if (timeToLive.equals(UNSET)) {
                throw new IllegalArgumentException(
                        "timeToLive is required with a shared store: say how long a record may stay there");
            }
            range("timeToLive", timeToLive, Duration.ofMillis(1));
            if (lease.compareTo(timeToLive) > 0) {
                throw new IllegalArgumentException("lease (" + lease + ") must not be longer than timeToLive ("
                        + timeToLive + "): a claim would outlive the record that it stands for");
            }
            if (waitTimeout.compareTo(maxCreationTime.plus(lease)) < 0) {
                throw new IllegalArgumentException("waitTimeout (" + waitTimeout
                        + ") must be at least maxCreationTime + lease (" + maxCreationTime.plus(lease)
                        + "), or callers give up before a dead creator is replaced");
            }
        } else if (!timeToLive.equals(UNSET)) {
            throw new IllegalArgumentException("timeToLive is the shared store's, and there is none: set the local"
                    + " tier's expireAfterWrite instead, or add shared(...)");
        }
        if (whenSharedDown == WhenSharedDown.CREATE && (arbiter || !shared)) {
            throw new IllegalArgumentException(
                    "whenSharedDown(CREATE) is for a cache with a shared store and without an"
                            + " arbiter: with an arbiter, callers are always served when the shared store is down");
        }
    }

    private static void range(String name, Duration value, Duration least) {
        range(name, value, least, "between ");
    }

    private static void range(String name, Duration value, Duration least, String allowed) {
        if (value.compareTo(least) < 0 || value.compareTo(ABSURD) > 0) {
            throw new IllegalArgumentException(
                    name + " must be " + allowed + least + " and " + ABSURD + ", not " + value);
        }
    }
}
