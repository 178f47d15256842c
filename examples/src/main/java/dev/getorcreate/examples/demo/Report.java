package dev.getorcreate.examples.demo;

import dev.getorcreate.Source;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.stream.Collectors;

/** The figures of all runs as a table, for the terminal and for the page. */
final class Report {

    /** One line; {@code matters} where a figure decides about success. */
    record Line(String label, List<String> cells, boolean matters) {}

    private static final int LABEL = 44;
    private static final int CELL = 21;

    /** What the labels leave open. */
    private static final List<String> NOTES = List.of(
            "Requests: a killed process asks no more, so the cured run has fewer; a frozen one catches up.",
            "  The third run is shorter.",
            "Keys with a fault in their window: the kill, the freeze or the flush came between their first",
            "  request and their first answer, and a creator may run again for them.",
            "Other keys without exactly one creator run: all others for which none or several ran.",
            "Wrong answers: not the key's row; where a key has several rows, not its first.",
            "A hit: the naive code asks Redis each time; the others answer most from their own memory.");

    private final List<Figures> runs;

    Report(List<Figures> runs) {
        this.runs = runs;
    }

    List<String> titles() {
        return runs.stream().map(run -> run.mode().title()).toList();
    }

    List<Line> lines() {
        List<Line> lines = new ArrayList<>();
        lines.add(line("requests", run -> count(run.requests()), false));
        lines.add(line("keys", run -> count(run.keys()), false));
        lines.add(line("rows", run -> count(run.rows()), true));
        lines.add(line("duplicate rows", Report::duplicates, true));
        lines.add(line("creator runs", run -> count(run.creatorRuns()), false));
        lines.add(line("keys with a fault in their window", run -> naive(run, count(run.exempt())), false));
        lines.add(line(
                "other keys without exactly one creator run",
                run -> count(run.notOneRun().size()),
                true));
        for (Source source : Source.values()) {
            if (runs.stream().anyMatch(run -> run.from(source) > 0)) {
                lines.add(line("answers " + source, run -> count(run.from(source)), false));
            }
        }
        lines.add(line("wrong answers", run -> count(run.wrongAnswers()), true));
        lines.add(line("rows that two callers 'created'", run -> count(run.createdTwice()), true));
        lines.add(line("errors seen by callers", run -> count(run.callerErrors()), true));
        lines.add(line(
                "Redis commands a created key",
                run -> String.format(Locale.ROOT, "%.1f", run.commandsPerKey()),
                false));
        lines.add(line("a hit, p50 / p99 (naive has no local tier)", run -> pair(run.hit()), false));
        lines.add(line("a creation, p50 / p99", run -> pair(run.creation()), false));
        lines.add(line("killed process's key served after", Report::served, false));
        return lines;
    }

    String text() {
        StringBuilder text = new StringBuilder(" ".repeat(LABEL));
        titles().forEach(title -> text.append(right(title)));
        text.append('\n').append("─".repeat(LABEL + CELL * runs.size())).append('\n');
        for (Line line : lines()) {
            text.append(String.format(Locale.ROOT, "%-" + LABEL + "s", line.label()))
                    .append(line.cells().stream().map(Report::right).collect(Collectors.joining()))
                    .append('\n');
        }
        text.append('\n');
        NOTES.forEach(note -> text.append(note).append('\n'));
        return text.toString();
    }

    private Line line(String label, Function<Figures, String> cell, boolean matters) {
        return new Line(label, runs.stream().map(cell).toList(), matters);
    }

    private static String duplicates(Figures run) {
        return run.duplicates() == 0 ? "0" : count(run.duplicates()) + " (1 in " + run.oneIn() + ")";
    }

    private static String naive(Figures run, String other) {
        return run.mode() == Mode.CURED ? other : "-";
    }

    private static String served(Figures run) {
        return run.served() < 0 ? "-" : run.served() == Long.MAX_VALUE ? "never" : time(run.served());
    }

    private static String pair(Percentiles times) {
        return times.count() == 0 ? "-" : time(times.at(0.5)) + " / " + time(times.at(0.99));
    }

    private static String right(String text) {
        return String.format(Locale.ROOT, "%" + CELL + "s", text);
    }

    private static String count(long number) {
        return String.format(Locale.ROOT, "%,d", number);
    }

    /** With three digits or so. */
    static String time(long nanos) {
        double micros = nanos / 1e3;
        if (micros < 100) {
            return String.format(Locale.ROOT, "%.1f µs", micros);
        }
        if (micros < 1_000) {
            return String.format(Locale.ROOT, "%.0f µs", micros);
        }
        return micros < 1_000_000
                ? String.format(Locale.ROOT, "%.1f ms", micros / 1e3)
                : String.format(Locale.ROOT, "%.2f s", micros / 1e6);
    }
}
