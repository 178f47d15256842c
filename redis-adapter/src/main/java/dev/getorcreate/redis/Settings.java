package dev.getorcreate.redis;

import java.time.Duration;

/**
 * What a store was built with.
 *
 * @param where names the server in messages, without user and password
 * @param pollEvery about how long a waiter first waits before it looks although it was told of no change
 */
record Settings(String where, Duration commandTimeout, Duration maxStaleness, Duration pollEvery) {

    private static final Duration LONGEST = Duration.ofHours(1);

    Settings {
        range("commandTimeout", commandTimeout, Duration.ofMillis(1));
        range("maxStaleness", maxStaleness, Duration.ofMillis(50));
    }

    private static void range(String name, Duration value, Duration least) {
        if (value.compareTo(least) < 0 || value.compareTo(LONGEST) > 0) {
            throw new IllegalArgumentException(
                    name + " must be between " + least + " and " + LONGEST + ", not " + value);
        }
    }
}
