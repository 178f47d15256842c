package dev.getorcreate.bench;

import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.Stream;

/**
 * Traffic as an application has it: a few keys are asked for very often and most seldom, all expire now and then, and
 * there are more of them than fit into the process. Contenders take turns; then this library goes on alone for minutes,
 * and what it allocates and what is left on its heap must not grow: see {@link MixedGrowth}.
 */
final class Mixed {

    static final String OURS = "ours";
    /** Out of its turn, what a contender holds expires: it is given that long to fill again. */
    private static final Duration SETTLE = Duration.ofSeconds(5);

    private static final Duration PATIENCE = Duration.ofMinutes(1);

    private final MixedOptions options;
    private final String before = Machine.load();
    private final Map<String, List<Turn>> turns = new LinkedHashMap<>();
    private final List<Turn> alone = new ArrayList<>();

    /** Of all processes together, in one turn. */
    record Turn(
            double callsPerSecond,
            double cpuMicros,
            double bytes,
            double creatorRunsPerSecond,
            double heapMb,
            MachineShare processors) {}

    private Mixed(MixedOptions options) {
        this.options = options;
    }

    /** See {@link MixedOptions}; {@code --quick}: shorter and fewer turns, and not ten minutes but one. Ends with 1 if it grows. */
    public static void main(String[] args) {
        Quiet.logs();
        Mixed mixed = new Mixed(MixedOptions.of(args));
        Unfinished.measure(mixed::run, mixed::tables);
        mixed.tables();
        Map<String, Object> result = new LinkedHashMap<>();
        mixed.turns.forEach((contender, of) -> {
            if (!contender.equals(OURS) && mixed.turns.containsKey(OURS)) {
                callsRatio(mixed.turns, contender).put(result, contender + "CallsRatio");
            }
        });
        boolean grew = grew(mixed.alone, result);
        Results.write("Mixed", mixed.raw(result));
        Results.print(result);
        if (grew) {
            System.exit(1);
        }
    }

    private Map<String, Object> raw(Map<String, Object> result) {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("machineAtTheStart", before);
        raw.put("result", result);
        raw.put("turns", turns);
        raw.put("oursAlone", alone);
        return raw;
    }

    private void tables() {
        System.out.printf(
                Locale.ROOT,
                "%n%d processes x %d threads, %d keys (Zipf, exponent 1), of which a process holds up to 10 000; time to"
                        + " live %d s, creator 2 ms. Closed loops: a thread asks again when it is answered, so who answers"
                        + " slowly is asked less. At the start: %s. At the end: %s. %s%n%n",
                options.processes(),
                options.threads(),
                options.keys(),
                options.timeToLive().toSeconds(),
                before,
                Machine.load(),
                MachineShare.text(Stream.concat(turns.values().stream().flatMap(List::stream), alone.stream())
                        .map(Turn::processors)));
        if (turns.values().stream().noneMatch(List::isEmpty)) {
            print(turns);
        }
        if (!alone.isEmpty()) {
            printAlone(alone);
        }
    }

    /** Whether it is known to grow; of too few minutes nothing is said. */
    private static boolean grew(List<Turn> alone, Map<String, Object> result) {
        if (alone.isEmpty()) {
            return false;
        }
        if (alone.size() < MixedGrowth.LEAST_MINUTES) {
            System.out.printf("Whether it grows is not told of fewer than %d minutes.%n%n", MixedGrowth.LEAST_MINUTES);
            return false;
        }
        MixedGrowth growth = MixedGrowth.of(alone);
        System.out.println(growth.text() + "\n");
        growth.putInto(result);
        return !growth.isFlat();
    }

    private void run() {
        List<Team> teams = new ArrayList<>();
        try {
            for (String contender : options.contenders()) {
                turns.put(contender, new ArrayList<>());
                Team team = new Team(
                        contender,
                        options.processes(),
                        MixedProcess.class,
                        Integer.toString(options.keys()),
                        Integer.toString(options.threads()),
                        Long.toString(options.timeToLive().toMillis()));
                teams.add(team);
                Turn unused = turn(team, options.turn());
                team.rest();
            }
            for (int round = 0; round < options.rounds(); round++) {
                List<Team> order = new ArrayList<>(teams);
                Collections.rotate(order, -round); // nobody is always first
                Map<String, Turn> complete = new LinkedHashMap<>();
                for (Team team : order) {
                    System.out.printf("round %d of %d: %s%n", round + 1, options.rounds(), team.contender);
                    team.rise();
                    Turn unused = turn(team, SETTLE);
                    complete.put(team.contender, turn(team, options.turn()));
                    team.rest();
                }
                complete.forEach((contender, turn) ->
                        Objects.requireNonNull(turns.get(contender)).add(turn));
                Results.soFar("Mixed", raw(Map.of()));
            }
            for (Team team : teams) {
                if (team.contender.equals(OURS)) {
                    team.rise();
                    for (int minute = 0; minute < options.minutes(); minute++) {
                        System.out.printf("round %d of %d: %s alone%n", minute + 1, options.minutes(), OURS);
                        alone.add(turn(team, Duration.ofMinutes(1)));
                        Results.soFar("Mixed", raw(Map.of()));
                    }
                }
            }
            teams.forEach(Team::rise);
            teams.forEach(Team::end);
        } finally {
            teams.forEach(Team::close);
        }
    }

    private static Turn turn(Team team, Duration time) {
        double calls = 0;
        double cpu = 0;
        double bytes = 0;
        double runs = 0;
        double heap = 0;
        MachineTimes before = MachineTimes.now();
        for (String answer : team.order(Long.toString(time.toMillis()), time.plus(PATIENCE))) {
            String[] figures = answer.split(" ", -1);
            calls += Long.parseLong(figures[1]);
            runs += Long.parseLong(figures[2]);
            cpu += Long.parseLong(figures[3]);
            bytes += Long.parseLong(figures[4]);
            heap += Long.parseLong(figures[5]);
        }
        double seconds = time.toMillis() / 1000.0;
        MachineShare machine = MachineTimes.now().since(before);
        return new Turn(calls / seconds, cpu / 1000 / calls, bytes / calls, runs / seconds, heap / 1e6, machine);
    }

    private static Spread of(List<Turn> turns, ToDoubleFunction<Turn> figure) {
        return Spread.of(turns.stream().mapToDouble(figure));
    }

    private static Spread callsRatio(Map<String, List<Turn>> turns, String contender) {
        List<Turn> ours = Objects.requireNonNull(turns.get(OURS));
        List<Turn> theirs = Objects.requireNonNull(turns.get(contender));
        List<Double> each = new ArrayList<>();
        for (int round = 0; round < ours.size(); round++) {
            each.add(ours.get(round).callsPerSecond() / theirs.get(round).callsPerSecond());
        }
        return Spread.of(each);
    }

    private static void print(Map<String, List<Turn>> turns) {
        System.out.println("| contender | calls/s | CPU µs a call | bytes allocated a call | creator runs/s"
                + " | heap after a collection, MB | calls/s of ours beside it |");
        System.out.println("|---|---|---|---|---|---|---|");
        turns.forEach((contender, of) -> System.out.printf(
                "| %s | %s | %s | %s | %s | %s | %s |%n",
                contender,
                of(of, Turn::callsPerSecond).text("%,.0f"),
                of(of, Turn::cpuMicros).text("%.2f"),
                of(of, Turn::bytes).text("%.0f"),
                of(of, Turn::creatorRunsPerSecond).text("%.0f"),
                of(of, Turn::heapMb).text("%.1f"),
                turns.containsKey(OURS) ? callsRatio(turns, contender).text("%.2f") + " x" : ""));
        System.out.println();
    }

    private static void printAlone(List<Turn> alone) {
        System.out.println("| ours alone, minute | calls/s | CPU µs a call | bytes allocated a call | creator runs/s"
                + " | heap after a collection, MB |");
        System.out.println("|---|---|---|---|---|---|");
        for (int minute = 0; minute < alone.size(); minute++) {
            Turn of = alone.get(minute);
            System.out.printf(
                    Locale.ROOT,
                    "| %d | %,.0f | %.2f | %.1f | %.0f | %.1f |%n",
                    minute + 1,
                    of.callsPerSecond(),
                    of.cpuMicros(),
                    of.bytes(),
                    of.creatorRunsPerSecond(),
                    of.heapMb());
        }
        System.out.println();
    }
}
