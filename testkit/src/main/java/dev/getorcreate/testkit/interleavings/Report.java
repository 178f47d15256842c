package dev.getorcreate.testkit.interleavings;

import java.util.Optional;

/**
 * What an exploration went through and found.
 *
 * @param interleavings how many were run to their end, no two of them equivalent where the search was reduced
 * @param redundant how many were broken off because the rest had been seen in another order
 * @param violations how many of the interleavings failed; where the exploration stops at the first, 1 at most
 * @param steps of all the runs together
 * @param millis how long it took, in real time
 * @param complete whether everything within {@code covered} was run; else the bound of runs, or a violation, came first
 * @param covered what "everything" was, in a sentence
 * @param failure the first one, shrunk
 */
public record Report(
        long interleavings,
        long redundant,
        long violations,
        long steps,
        long millis,
        boolean complete,
        String covered,
        Optional<Counterexample> failure) {

    @Override
    public String toString() {
        return interleavings + " interleavings, " + violations + " violations, " + steps + " steps, " + redundant
                + " redundant, " + millis + " ms; " + (complete ? "all of: " : "a part of: ") + covered;
    }
}
