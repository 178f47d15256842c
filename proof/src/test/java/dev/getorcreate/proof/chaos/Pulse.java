package dev.getorcreate.proof.chaos;

import java.util.concurrent.locks.LockSupport;
import java.util.function.LongConsumer;

/**
 * Notices when this process does not get to run: what times out then says nothing about the library. Frozen processes
 * notice it too, once they go on.
 */
final class Pulse {

    private static final long EVERY = 20_000_000L;

    /** Well below the command time-out. */
    private static final long STALLED = 200_000_000L;

    private final LongConsumer stalled;
    private volatile boolean stopped;

    private Pulse(LongConsumer stalled) {
        this.stalled = stalled;
    }

    /** Tells of each stall, in nanoseconds, when it has ended. */
    static Pulse start(LongConsumer stalled) {
        Pulse pulse = new Pulse(stalled);
        Thread thread = new Thread(pulse::run, "pulse");
        thread.setDaemon(true);
        thread.start();
        return pulse;
    }

    private void run() {
        long last = System.nanoTime();
        while (!stopped) {
            LockSupport.parkNanos(EVERY);
            long now = System.nanoTime();
            if (now - last > STALLED) {
                stalled.accept(now - last);
            }
            last = now;
        }
    }

    void stop() {
        stopped = true;
    }
}
