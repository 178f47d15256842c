package dev.getorcreate.proof.chaos;

import java.time.Duration;

/** After how long the caches give up a claim, or a command. */
record Patience(Duration lease, Duration commandTimeout) {

    private static final Patience PACED = new Patience(Duration.ofSeconds(1), Duration.ofMillis(500));

    /** Dense load leaves the machine no time to spare, and what times out for want of it says nothing about the library. */
    private static final Patience DENSE = new Patience(Duration.ofSeconds(2), Duration.ofMillis(1500));

    /**
     * What a machine of two cores that is busy with other things may add where nobody notices: commands that time out after
     * the wait, a sync of the disk, a pool of connections. It has to be so much that an alarm is never a false one.
     */
    private static final Duration SLACK = Duration.ofSeconds(10);

    static Patience of(boolean dense) {
        return dense ? DENSE : PACED;
    }

    /**
     * For how long a fault may still be felt: a claim has to run out that was renewed a moment before it ended, a command
     * to time out, and a connection to be given up and made anew.
     */
    Duration aftermath() {
        return lease.plus(commandTimeout).plus(Player.MAX_STALENESS).plusSeconds(1);
    }

    /**
     * How long a call may take at most, not counting what was done to its process meanwhile: it waits for others, its creator
     * runs, and the database is asked for a row and given one.
     */
    static Duration longestCall() {
        return Player.WAIT_TIMEOUT
                .plus(Player.MAX_CREATION_TIME)
                .plus(RecordedArbiter.STATEMENT_TIMEOUT.multipliedBy(2))
                .plus(SLACK);
    }
}
