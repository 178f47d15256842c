package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/** What one way did while Redis was away, before and after. Seconds are those from the start of all processes. */
final class TroubleAwayReport {

    static final String HEAD = "| Redis is | way | | answered calls/s, median of the seconds (least to greatest)"
            + " | calls due | never made | p50 ms | p99 ms | max ms | callers' errors | statements/s at most | statements |\n"
            + "|---|---|---|---|---|---|---|---|---|---|---|---|";

    /** In whole seconds, the last one left out. */
    private record Phase(String name, int from, int to) {

        boolean has(long moment) {
            return moment >= TimeUnit.SECONDS.toNanos(from) && moment < TimeUnit.SECONDS.toNanos(to);
        }
    }

    final String way;
    final TroubleAway.Fault fault;
    private final double backMillis;
    private final List<Phase> phases;
    private final List<List<TroubleCall>> processes = new ArrayList<>();
    private final Map<Integer, Long> statements = new TreeMap<>();
    private int creatorRuns;
    private int differing;

    TroubleAwayReport(String way, TroubleAway.Fault fault, TroubleAway.Times times, double backMillis) {
        this.way = way;
        this.fault = fault;
        this.backMillis = backMillis;
        int going = times.warmUp() + times.before();
        int coming = going + times.away();
        this.phases = List.of(
                new Phase("before", times.warmUp(), going),
                new Phase("away", going, coming),
                new Phase("after", coming, coming + times.after()));
    }

    void calls(String line) {
        processes.add(Stream.of(line.substring("calls ".length()).split(" ", -1))
                .map(TroubleCall::parse)
                .toList());
    }

    void statements(String line) {
        for (String each : line.substring("statements".length()).strip().split(" ", -1)) {
            String[] parts = each.split("=", -1);
            if (parts.length == 2) {
                statements.merge(Integer.parseInt(parts[0]), Long.parseLong(parts[1]), Long::sum);
            }
        }
    }

    void ran(String line) {
        String[] parts = line.split(" ", -1);
        creatorRuns += Integer.parseInt(parts[1]);
        differing += Integer.parseInt(parts[2]);
    }

    private Stream<TroubleCall> all() {
        return processes.stream().flatMap(List::stream);
    }

    private Stream<TroubleCall> due(Phase phase) {
        return all().filter(call -> phase.has(call.due()));
    }

    /** By the moment of the answer. */
    Spread answeredPerSecond() {
        return answeredPerSecond(phases.get(1));
    }

    private Spread answeredPerSecond(Phase phase) {
        long[] each = new long[phase.to - phase.from];
        all().filter(call -> !call.isError() && !call.isUnmade() && phase.has(call.ended()))
                .forEach(call -> each[(int) TimeUnit.NANOSECONDS.toSeconds(call.ended()) - phase.from]++);
        return Spread.of(IntStream.range(0, each.length).mapToDouble(i -> each[i]));
    }

    /** Of calls, answered or not, made or not, that were due then, and from when they were. */
    private Samples took(Phase phase) {
        Samples samples = new Samples();
        due(phase).forEach(call -> samples.add(call.ended() - call.due()));
        return samples;
    }

    /** By the moment when the call was due, so that each is in one phase however long it took. */
    private CallerErrors errors(Phase phase) {
        CallerErrors errors = new CallerErrors();
        due(phase)
                .filter(TroubleCall::isError)
                .forEach(call -> errors.add(call.how().substring(1), 1));
        return errors;
    }

    private long unmade(Phase phase) {
        return due(phase).filter(TroubleCall::isUnmade).count();
    }

    long unmade() {
        return phases.stream().mapToLong(this::unmade).sum();
    }

    int errors() {
        return phases.stream().mapToInt(phase -> errors(phase).sum()).sum();
    }

    int differing() {
        return differing;
    }

    /** At most, while it is away. */
    double statementsPerSecond() {
        return statementsPerSecond(phases.get(1)).max().orElse(0);
    }

    private DoubleStream statementsPerSecond(Phase phase) {
        return IntStream.range(phase.from, phase.to).mapToDouble(second -> statements.getOrDefault(second, 0L));
    }

    /** From when Redis answers again until each process had a hit in it; infinite where one had none. */
    double sharedAgainMillis() {
        return processes.stream()
                .mapToDouble(calls -> calls.stream()
                        .filter(call -> call.how().equals(TroubleWay.SHARED) && call.began() / 1e6 > backMillis)
                        .mapToDouble(call -> call.ended() / 1e6)
                        .min()
                        .orElse(Double.POSITIVE_INFINITY))
                .map(moment -> moment - backMillis)
                .reduce(0, Math::max);
    }

    /** As it stands in a RESULT. */
    static Object told(double sharedAgainMillis) {
        return Double.isInfinite(sharedAgainMillis) ? "never" : Results.rounded(sharedAgainMillis);
    }

    void print() {
        for (Phase phase : phases) {
            Samples took = took(phase);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %s | %d | %d | %s | %s | %.0f | %.0f |%n",
                    fault.words,
                    way,
                    phase.name,
                    answeredPerSecond(phase).text("%.0f"),
                    took.count(),
                    unmade(phase),
                    took.cells(),
                    errors(phase),
                    statementsPerSecond(phase).max().orElse(0),
                    statementsPerSecond(phase).sum());
        }
    }

    void printAgain() {
        System.out.printf(
                Locale.ROOT,
                "| %s | %s | %s | %d | %d |%n",
                fault.words,
                way,
                told(sharedAgainMillis()),
                creatorRuns,
                differing);
    }

    Map<String, Object> raw() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("redis", fault.words);
        raw.put("way", way);
        raw.put("sharedAgainMillis", told(sharedAgainMillis()));
        raw.put("creatorRuns", creatorRuns);
        raw.put("differing", differing);
        for (Phase phase : phases) {
            Samples took = took(phase);
            raw.put(
                    phase.name,
                    Map.of(
                            "answeredPerSecond", answeredPerSecond(phase),
                            "calls", took.count(),
                            "unmade", unmade(phase),
                            "p50Millis", took.median(),
                            "p99Millis", took.millis(0.99),
                            "maxMillis", took.max(),
                            "errors", errors(phase).counts(),
                            "statementsBySecond",
                                    statementsPerSecond(phase).boxed().toList()));
        }
        return raw;
    }
}
