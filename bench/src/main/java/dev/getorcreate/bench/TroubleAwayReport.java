package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;

/** What one way did while Redis was away, before and after. Seconds are those from the start of all processes. */
final class TroubleAwayReport {

    static final String HEAD = "| Redis is | way | | answered calls/s, median of the seconds (least to greatest)"
            + " | calls begun | p50 ms | p99 ms | max ms | callers' errors | statements/s at most | statements |\n"
            + "|---|---|---|---|---|---|---|---|---|---|---|";

    private record Call(double beganMillis, double endedMillis, String how) {

        boolean isError() {
            return how.startsWith("!");
        }
    }

    /** In whole seconds, the last one left out. */
    private record Phase(String name, int from, int to) {

        boolean has(double millis) {
            return millis >= from * 1000.0 && millis < to * 1000.0;
        }
    }

    final String way;
    final TroubleAway.Fault fault;
    private final double backMillis;
    private final List<Phase> phases;
    private final List<List<Call>> processes = new ArrayList<>();
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
        List<Call> calls = new ArrayList<>();
        for (String each : line.substring("calls ".length()).split(" ", -1)) {
            String[] parts = each.split(":", -1);
            double began = Long.parseLong(parts[0]) / 1e3;
            calls.add(new Call(began, began + Long.parseLong(parts[1]) / 1e3, parts[2]));
        }
        processes.add(calls);
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

    private List<Call> all() {
        return processes.stream().flatMap(List::stream).toList();
    }

    /** By the moment of the answer. */
    Spread answeredPerSecond() {
        return answeredPerSecond(phases.get(1));
    }

    private Spread answeredPerSecond(Phase phase) {
        long[] each = new long[phase.to - phase.from];
        for (Call call : all()) {
            if (!call.isError() && phase.has(call.endedMillis)) {
                each[(int) (call.endedMillis / 1000) - phase.from]++;
            }
        }
        return Spread.of(IntStream.range(0, each.length).mapToDouble(i -> each[i]));
    }

    /** Of calls, answered or not, that began then. */
    private Samples took(Phase phase) {
        Samples samples = new Samples();
        all().stream()
                .filter(call -> phase.has(call.beganMillis))
                .forEach(call -> samples.add((long) ((call.endedMillis - call.beganMillis) * 1e6)));
        return samples;
    }

    /** By the moment when the call began, so that each is in one phase however long it took. */
    private CallerErrors errors(Phase phase) {
        CallerErrors errors = new CallerErrors();
        all().stream()
                .filter(call -> call.isError() && phase.has(call.beganMillis))
                .forEach(call -> errors.add(call.how.substring(1), 1));
        return errors;
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
                        .filter(call -> call.how.equals(TroubleWay.SHARED) && call.beganMillis > backMillis)
                        .mapToDouble(Call::endedMillis)
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
                    "| %s | %s | %s | %s | %d | %s | %s | %.0f | %.0f |%n",
                    fault.words,
                    way,
                    phase.name,
                    answeredPerSecond(phase).text("%.0f"),
                    took.count(),
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
                            "p50Millis", took.median(),
                            "p99Millis", took.millis(0.99),
                            "errors", errors(phase).counts(),
                            "statementsBySecond",
                                    statementsPerSecond(phase).boxed().toList()));
        }
        return raw;
    }
}
