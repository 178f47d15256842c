package dev.getorcreate.examples.demo;

import dev.getorcreate.Source;
import java.util.List;
import java.util.Map;

/**
 * One run in figures.
 *
 * @param requests calls that returned or threw
 * @param keys different keys that were asked for
 * @param duplicates rows beyond the first of their key
 * @param keysWithoutRow keys that have no row, and rows whose key nobody asked for
 * @param exempt keys that had a fault between their first request and their first answer
 * @param notOneRun keys that had none, and whose creator did not run exactly once
 * @param wrongAnswers answers that are not the key's row (where there are several, not its first)
 * @param createdTwice rows that more than one caller was told to have created
 * @param commandsPerKey Redis commands for a created key
 * @param served nanoseconds from the kill until the killed process's key was served; -1 where nobody was killed
 */
record Figures(
        Mode mode,
        long requests,
        long keys,
        long rows,
        long duplicates,
        long keysWithoutRow,
        long creatorRuns,
        long exempt,
        List<Integer> notOneRun,
        Map<Source, Long> sources,
        long wrongAnswers,
        long createdTwice,
        long callerErrors,
        double commandsPerKey,
        Percentiles hit,
        Percentiles creation,
        long served) {

    long from(Source source) {
        return sources.getOrDefault(source, 0L);
    }

    /** One duplicate in so many creations; 0 where there was none. */
    long oneIn() {
        return duplicates == 0 ? 0 : Math.round(rows / (double) duplicates);
    }

    /** Whether every key has one row, every answer is that row, and nobody met an error. */
    boolean sound() {
        return duplicates == 0
                && keys > 0
                && rows == keys
                && keysWithoutRow == 0
                && wrongAnswers == 0
                && createdTwice == 0
                && callerErrors == 0
                && notOneRun.isEmpty()
                && served != Long.MAX_VALUE;
    }
}
