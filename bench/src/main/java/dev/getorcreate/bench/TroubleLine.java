package dev.getorcreate.bench;

import java.util.function.Consumer;

/**
 * Callers of whom one comes at each beat, whether or not the one before has been answered, and a thread that serves them in
 * turn: each as he comes, or, where it is late, as soon as it can. All in nanoseconds from the start.
 */
record TroubleLine(long first, long pace, long end) {

    /** The thread's. */
    interface Clock {
        long now();

        void until(long moment);
    }

    /** What the caller who came at that moment asks for; gives how it ended, as in {@link TroubleCall}. */
    interface Caller {
        String call(long due);
    }

    /** Until the end, at which whoever still stands there is told so. */
    void serve(Clock clock, Caller caller, Consumer<TroubleCall> told) {
        for (long due = first; due < end; due += pace) {
            clock.until(due);
            long began = clock.now();
            String how = began < end ? caller.call(due) : TroubleCall.UNMADE;
            told.accept(new TroubleCall(due, began, clock.now(), how));
        }
    }
}
