package dev.getorcreate.proof.chaos;

import java.time.Duration;

/** After how long the caches give up a claim, or a command. */
record Patience(Duration lease, Duration commandTimeout) {

    private static final Patience PACED = new Patience(Duration.ofSeconds(1), Duration.ofMillis(500));

    /** Dense load leaves the machine no time to spare, and what times out for want of it says nothing about the library. */
    private static final Patience DENSE = new Patience(Duration.ofSeconds(2), Duration.ofMillis(1500));

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
}
