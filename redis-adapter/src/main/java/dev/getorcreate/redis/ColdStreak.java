package dev.getorcreate.redis;

import dev.getorcreate.spi.Look;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A guess whether the next record will be missing, by how many were in a row: where that is so, the claim goes along with
 * the look, which saves a round trip. A wrong guess costs a refused claim, and spoils nothing; one record ends the streak.
 */
final class ColdStreak {

    /** Where every other look finds a record, one in 32 goes with a claim in vain. */
    private static final int LONG = 4;

    /** Guard: atomic. What is lost between its reads and its writes makes a guess worse, and nothing else. */
    private final AtomicInteger misses = new AtomicInteger();

    boolean isLong() {
        return misses.get() >= LONG;
    }

    /** What somebody who meant to create found. */
    void found(Look look) {
        if (look instanceof Look.Present) {
            end();
        } else if (!isLong()) {
            misses.incrementAndGet();
        }
    }

    void end() {
        if (misses.get() > 0) {
            misses.set(0);
        }
    }
}
