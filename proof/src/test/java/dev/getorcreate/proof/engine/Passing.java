package dev.getorcreate.proof.engine;

import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;

/** Virtual time that passes while threads wait. */
final class Passing {

    private static final Duration STEP = Duration.ofMillis(100);
    private static final Duration PATIENCE = Duration.ofSeconds(20);

    private Passing() {}

    /** Waits, in real time, until so many threads wait. */
    static void asleep(VirtualTime time, int threads) {
        time.awaitWaiting(threads, PATIENCE);
    }

    /** Moves time in small steps, and before each lets so many threads fall asleep again, as a real clock would. */
    static void by(VirtualTime time, Duration duration, int sleepers) {
        long end = time.nanoTime() + duration.toNanos();
        while (time.nanoTime() < end) {
            asleep(time, sleepers);
            time.advance(Duration.ofNanos(Math.min(STEP.toNanos(), end - time.nanoTime())));
        }
    }
}
