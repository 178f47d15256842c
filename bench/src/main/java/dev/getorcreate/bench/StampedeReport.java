package dev.getorcreate.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Function;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The tables and the RESULT of one stampede. */
final class StampedeReport {

    private final StampedeOptions options;
    private final int creator;
    private final Map<String, StampedeSum> sums;

    StampedeReport(StampedeOptions options, int creator, Map<String, StampedeSum> sums) {
        this.options = options;
        this.creator = creator;
        this.sums = sums;
    }

    void print() {
        System.out.printf(
                "%n%d processes x %d threads, creator %d ms, %d rounds; at the end: %s.%n%n",
                options.processes(), options.threads(), creator, options.rounds(), Machine.load());
        System.out.println("| contender | keys | creator runs a key | beyond the creator p50 ms | p99 ms"
                + " | commands/key, no PING and INFO | of these by the clock | PINGs/s"
                + " | commands/s while nothing is asked | CPU ms/key | Redis' CPU ms/key |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (String contender : options.contenders()) {
            StampedeSum sum = sum(contender);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %d | %.2f | %.2f | %.2f | %.1f | %.1f | %.1f | %.1f | %.2f | %.2f |%n",
                    contender,
                    sum.keys,
                    sum.creatorRunsPerKey(),
                    sum.beyondMillis(0.5),
                    sum.beyondMillis(0.99),
                    sum.commandsPerKey(),
                    sum.timeDrivenPerKey(),
                    sum.pingsPerSecond(),
                    sum.idlePerSecond(),
                    sum.cpuMillisPerKey(),
                    sum.redisMillisPerKey());
        }
        whereItGoes();
        commands();
        if (options.contenders().contains("ours")) {
            ratios();
        }
    }

    private StampedeSum sum(String contender) {
        return Objects.requireNonNull(sums.get(contender));
    }

    /** Medians of the stages, and what each kind of thread has used for a key. */
    private void whereItGoes() {
        System.out.printf(
                "%n| where it goes | until the creator begins, ms | from its end to its process's answers"
                        + " | to the others' answers | thread, CPU ms/key (turns on a processor; ms it stood behind others) |%n");
        System.out.println("|---|---|---|---|---|");
        for (String contender : options.contenders()) {
            StampedeSum sum = sum(contender);
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %.2f | %.2f | %.2f | %s |%n",
                    contender,
                    sum.stages.beforeMillis(),
                    sum.stages.ownMillis(),
                    sum.stages.othersMillis(),
                    sum.byKind.entrySet().stream()
                            .map(kind -> kind.getKey() + " " + perKey(kind.getValue(), sum.keys))
                            .collect(Collectors.joining(", ")));
        }
    }

    private static String perKey(ThreadTimes.Times times, int keys) {
        return String.format(
                Locale.ROOT,
                "%.2f (%.1f; %.1f)",
                times.cpuNanos() / 1e6 / keys,
                (double) times.turns() / keys,
                times.waitNanos() / 1e6 / keys);
    }

    /** Of all processes, for each key. */
    private void commands() {
        Set<String> commands = new TreeSet<>();
        sums.values()
                .forEach(sum -> commands.addAll(
                        StampedeSum.withoutPings(sum.commands).calls().keySet()));
        System.out.printf("%n| command, calls/key | %s |%n", String.join(" | ", options.contenders()));
        System.out.println("|---|" + "---|".repeat(options.contenders().size()));
        for (String command : commands) {
            System.out.println(options.contenders().stream()
                    .map(contender -> String.format(
                            Locale.ROOT,
                            "%.2f",
                            (double) sum(contender).commands.count(command) / sum(contender).keys))
                    .collect(Collectors.joining(" | ", "| " + command.replace("|", " ") + " | ", " |")));
        }
        System.out.println();
    }

    /** How many times as long as we the others take; each round by itself, so that its spread is seen. */
    private void ratios() {
        System.out.println("| beside ours | p50 x, median of rounds (least to greatest) | p99 x | CPU x |");
        System.out.println("|---|---|---|---|");
        for (String contender : options.contenders()) {
            if (!contender.equals("ours")) {
                System.out.printf(
                        Locale.ROOT,
                        "| %s | %s | %s | %.2f |%n",
                        contender,
                        spread(contender, 0.5),
                        spread(contender, 0.99),
                        sum(contender).cpuMillisPerKey() / sum("ours").cpuMillisPerKey());
            }
        }
        System.out.println();
    }

    private String spread(String contender, double quantile) {
        List<Double> each = ratios(contender, quantile);
        return String.format(
                Locale.ROOT, "%.1f (%.1f to %.1f)", each.get(each.size() / 2), each.get(0), each.get(each.size() - 1));
    }

    private List<Double> ratios(String contender, double quantile) {
        return IntStream.range(0, sum("ours").rounds())
                .mapToObj(round -> sum(contender).beyondMillis(round, quantile)
                        / sum("ours").beyondMillis(round, quantile))
                .sorted()
                .toList();
    }

    private double median(String contender, double quantile) {
        List<Double> each = ratios(contender, quantile);
        return each.get(each.size() / 2);
    }

    /** For one creator; without a contender its ratios are left out. */
    String result() {
        StampedeSum ours = sum("ours");
        Function<Double, String> one = value -> String.format(Locale.ROOT, "%.2f", value);
        StringBuilder json = new StringBuilder("{\"commandsPerKey\": " + one.apply(ours.commandsPerKey())
                + ", \"timeDrivenPerKey\": " + one.apply(ours.timeDrivenPerKey())
                + ", \"pingsPerSecond\": " + one.apply(ours.pingsPerSecond())
                + ", \"idleCommandsPerSecond\": " + one.apply(ours.idlePerSecond())
                + ", \"creatorRunsPerKey\": " + one.apply(ours.creatorRunsPerKey()));
        if (sums.containsKey("redissonLock")) {
            json.append(", \"stampedeVsRedissonP50\": " + one.apply(median("redissonLock", 0.5))
                    + ", \"stampedeVsRedissonP99\": " + one.apply(median("redissonLock", 0.99))
                    + ", \"cpuVsRedisson\": "
                    + one.apply(ours.cpuMillisPerKey() / sum("redissonLock").cpuMillisPerKey()));
        }
        if (sums.containsKey("caffeineAlone")) {
            json.append(", \"stampedeVsCaffeineP50\": " + one.apply(1 / median("caffeineAlone", 0.5))
                    + ", \"stampedeVsCaffeineP99\": " + one.apply(1 / median("caffeineAlone", 0.99)));
        }
        return json.append('}').toString();
    }
}
