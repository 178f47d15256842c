package dev.getorcreate.redis;

import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/** How long a connector waits before its next attempt: at first a moment, then longer and longer, up to a second or so. */
final class Backoff {

    private static final long FIRST_MILLIS = 20;
    private static final long LAST_MILLIS = 1_000;
    /** A link that did not live as long was none: a peer may greet everybody, and then hang up on him. */
    private static final long LIVED = TimeUnit.SECONDS.toNanos(1);

    /** Guard: this. */
    private long millis = FIRST_MILLIS;

    synchronized long nextNanos() {
        long jittered = ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
        millis = Math.min(LAST_MILLIS, 2 * millis);
        return TimeUnit.MILLISECONDS.toNanos(jittered);
    }

    /** A link is lost that was handed out so long ago. */
    synchronized void lost(long nanosAgo) {
        if (nanosAgo >= LIVED) {
            millis = FIRST_MILLIS;
        }
    }
}
