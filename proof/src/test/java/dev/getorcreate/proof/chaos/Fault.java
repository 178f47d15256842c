package dev.getorcreate.proof.chaos;

/**
 * What was done to the run, from just before its beginning to just after its end.
 *
 * @param process whose, or {@link #EVERYBODY}
 */
record Fault(String kind, int process, long from, long to) {

    static final int EVERYBODY = -1;

    /** The process with all its connections is gone; its calls have no end. */
    static final String KILL = "kill";

    /** Nobody did it: the machine gave the process no time. */
    static final String STALL = "stall";

    /** Until when, and so long after. */
    long felt(long aftermath) {
        return to > Long.MAX_VALUE - aftermath ? Long.MAX_VALUE : to + aftermath;
    }

    boolean hits(int other) {
        return process == EVERYBODY || process == other;
    }
}
