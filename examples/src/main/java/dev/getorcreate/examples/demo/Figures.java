package dev.getorcreate.examples.demo;

import dev.getorcreate.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.Collectors;

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

    /** What a run without duplicates has to be, and this one is not. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        check(problems, keys > 0, "no key was asked for");
        check(problems, duplicates == 0, counted(duplicates, "duplicate row"));
        check(problems, rows == keys && keysWithoutRow == 0, keys + " keys, but " + rows + " rows");
        check(problems, wrongAnswers == 0, wrongAnswers + " answers that are not the key's row");
        check(problems, createdTwice == 0, createdTwice + " rows that two callers were told to have created");
        check(problems, callerErrors == 0, callerErrors + " callers met an error");
        check(
                problems,
                notOneRun.isEmpty(),
                notOneRun.size() + " keys without a fault whose creator did not run exactly once: " + shown());
        check(problems, served != Long.MAX_VALUE, "the killed process's key was never served");
        return problems;
    }

    /** The number and its noun, in the plural if it is not one. */
    static String counted(long number, String noun) {
        return String.format(Locale.ROOT, "%,d %s%s", number, noun, number == 1 ? "" : "s");
    }

    private String shown() {
        return notOneRun.stream().limit(10).map(Names::key).collect(Collectors.joining(", "));
    }

    private void check(List<String> problems, boolean fine, String otherwise) {
        if (!fine) {
            problems.add(mode.title() + ": " + otherwise);
        }
    }
}
