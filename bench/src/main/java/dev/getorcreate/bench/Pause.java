package dev.getorcreate.bench;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/** Rests of exactly so long: a parked thread may be woken before its time. */
final class Pause {

    private Pause() {}

    /** Until a moment on the clock of {@link System#nanoTime}. */
    static void until(long moment) {
        for (long left = moment - System.nanoTime(); left > 0; left = moment - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static void millis(long millis) {
        until(System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(millis));
    }
}
