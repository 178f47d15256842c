package dev.getorcreate.redis;

import java.time.Duration;

/**
 * What a store was built with.
 *
 * @param where names the server in messages, without user and password
 * @param maxPayload bytes; what is larger, compressed if it is to be, is not written
 * @param compressAbove bytes; longer payloads are compressed
 * @param pollEvery about how long a waiter first waits before it looks although it was told of no change
 * @param trackingRequired whether a server that does not tell of changes is refused
 */
record Settings(
        String where,
        Duration commandTimeout,
        Duration maxStaleness,
        int maxPayload,
        int compressAbove,
        Duration pollEvery,
        boolean trackingRequired) {

    /** Everything is stored as it is. */
    static final int NEVER_COMPRESS = Integer.MAX_VALUE;

    private static final Duration LONGEST = Duration.ofHours(1);
    private static final int LEAST_PAYLOAD = 1 << 10;
    /** No string in Redis is longer. */
    private static final int MOST_PAYLOAD = 512 << 20;

    Settings {
        range("commandTimeout", commandTimeout, Duration.ofMillis(1));
        range("maxStaleness", maxStaleness, Duration.ofMillis(50));
        if (maxPayload < LEAST_PAYLOAD || maxPayload > MOST_PAYLOAD) {
            throw new IllegalArgumentException("maxPayload must be between " + LEAST_PAYLOAD + " and " + MOST_PAYLOAD
                    + " bytes, not " + maxPayload);
        }
        if (compressAbove < 0) {
            throw new IllegalArgumentException("compressAbove must be at least 0 bytes, not " + compressAbove);
        }
    }

    private static void range(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be between " + least + " and " + LONGEST + ", not " + value);
        }
    }
}
