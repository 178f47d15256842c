package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;

/** What a key costs as processes and threads grow, all of which ask for it at the same moment: ours, and beside rivals. */
final class Growth {

    private static final String OURS = "ours";
    private static final String RIVALS = "redissonLock,caffeineAlone";
    private static final int CREATOR_MILLIS = 20;

    private Growth() {}

    /** {@code --quick}: fewer keys, one round. */
    public static void main(String[] args) {
        Quiet.logs();
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        List<Integer> processes = given.numbers("--processes", "1,2,4,8");
        List<Integer> threads = given.numbers("--threads", quick ? "1,16,256" : "1,4,16,64,256");
        int rounds = given.number("--rounds", quick ? 1 : 3);
        List<String> contenders = given.some("--contenders", Contender.NAMES, OURS + "," + RIVALS);
        given.end();
        String before = Machine.load();
        List<StampedeOptions> steps = new ArrayList<>();
        processes.forEach(count -> steps.add(step(contenders, count, 16, rounds, quick)));
        threads.forEach(count -> steps.add(step(contenders, 4, count, rounds, quick)));
        List<Map<String, Object>> measured = new ArrayList<>();
        for (StampedeOptions step : steps) {
            new Stampede(step, CREATOR_MILLIS)
                    .run()
                    .forEach((contender, sum) -> measured.add(figures(step, contender, sum)));
        }
        System.out.printf("%nAt the start: %s. At the end: %s.%n%n", before, Machine.load());
        print(measured);
        Map<String, Object> result = contenders.contains(OURS) ? result(measured) : Map.of();
        Results.write("Growth", Map.of("machineAtTheStart", before, "result", result, "measured", measured));
        Results.print(result);
    }

    private static Map<String, Object> result(List<Map<String, Object>> measured) {
        Spread commands = commandsPerProcess(measured);
        return Map.of(
                "commandsPerKeyLeast", Results.rounded(commands.least()),
                "commandsPerKeyGreatest", Results.rounded(commands.greatest()));
    }

    private static StampedeOptions step(
            List<String> contenders, int processes, int threads, int rounds, boolean quick) {
        return new StampedeOptions(
                contenders,
                List.of(CREATOR_MILLIS),
                processes,
                threads,
                rounds,
                Math.max(8, (quick ? 10 : 30) * 64 / Math.max(64, processes * threads)),
                quick ? 3 : 15);
    }

    private static Map<String, Object> figures(StampedeOptions step, String contender, StampedeSum sum) {
        Map<String, Object> figures = new LinkedHashMap<>();
        figures.put("contender", contender);
        figures.put("processes", step.processes());
        figures.put("threads", step.threads());
        figures.put("creatorRunsPerKey", sum.creatorRunsPerKey());
        figures.put("beyondP50Millis", sum.beyondMillis(0.5));
        figures.put("beyondP99Millis", sum.beyondMillis(0.99));
        figures.put("commandsPerKey", sum.commandsPerKey() - sum.timeDrivenPerKey());
        figures.put("cpuMillisPerKey", sum.cpuMillisPerKey());
        return figures;
    }

    /** Of ours, for each process that asks: each must learn of the record. */
    private static Spread commandsPerProcess(List<Map<String, Object>> measured) {
        return Spread.of(measured.stream()
                .filter(step -> OURS.equals(step.get("contender")))
                .mapToDouble(step -> number(step, "commandsPerKey") / number(step, "processes")));
    }

    private static double number(Map<String, Object> step, String name) {
        return ((Number) Objects.requireNonNull(step.get(name))).doubleValue();
    }

    private static void print(List<Map<String, Object>> measured) {
        System.out.println(
                "| contender | processes | threads each | creator runs a key | beyond the creator p50 ms | p99 ms"
                        + " | commands a key, those by the clock left out | of these a process | CPU ms a key |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (Map<String, Object> step : measured) {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.0f | %.0f | %.2f | %.2f | %.2f | %.1f | %.2f | %.2f |%n",
                    step.get("contender"),
                    number(step, "processes"),
                    number(step, "threads"),
                    number(step, "creatorRunsPerKey"),
                    number(step, "beyondP50Millis"),
                    number(step, "beyondP99Millis"),
                    number(step, "commandsPerKey"),
                    number(step, "commandsPerKey") / number(step, "processes"),
                    number(step, "cpuMillisPerKey"));
        }
    }
}
