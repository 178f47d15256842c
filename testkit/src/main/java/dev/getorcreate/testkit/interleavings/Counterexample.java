package dev.getorcreate.testkit.interleavings;

/**
 * An interleaving that failed, with the fewest preemptions and steps that were found.
 *
 * @param why what the check said, or that callers wait for each other, or never end
 * @param replay gives this very interleaving again: {@link Interleavings#replay}, or the system property
 *     {@value Interleavings#REPLAY}
 * @param drawing what happened
 */
public record Counterexample(String why, String replay, Drawing drawing) {}
