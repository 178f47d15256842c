package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.ToDoubleFunction;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** The tables and the RESULT of the stampedes with one creator. */
final class StampedeReport {

    private static final String LOCK = "redissonLock";

    private final StampedeOptions options;
    private final int creator;
    private final StampedeFigures figures;

    StampedeReport(StampedeOptions options, int creator, List<StampedeTurn> turns) {
        this.options = options;
        this.creator = creator;
        this.figures = new StampedeFigures(
                turns.stream().filter(turn -> turn.creatorMillis() == creator).toList());
    }

    void print() {
        System.out.printf(
                "%n%d processes x %d threads, creator %d ms. Medians of %d rounds, in parentheses the least and the"
                        + " greatest.%n",
                options.processes(), options.threads(), creator, figures.rounds());
        table(
                "contender | keys | callers with an error or no answer | creator runs a key | beyond the creator p50 ms"
                        + " | p99 ms | CPU ms/key, without what it takes at rest | at rest, CPU ms/s"
                        + " | Redis' CPU ms/key, without rest",
                contender -> Stream.of(
                        Long.toString(figures.sum(contender, StampedeTurn::keys)),
                        Long.toString(figures.sum(contender, StampedeTurn::errors)),
                        figures.text(contender, StampedeTurn::creatorRunsPerKey),
                        figures.text(contender, StampedeTurn::p50),
                        figures.text(contender, StampedeTurn::p99),
                        figures.text(contender, StampedeTurn::cpuMillisPerKey),
                        figures.text(contender, StampedeTurn::restMillisPerSecond),
                        figures.text(contender, StampedeTurn::redisMillisPerKey)));
        table(
                "contender | commands executed/key, a script's too | sent/key | besides, for what is found before a key"
                        + " | besides, by the clock, no PING and INFO | PINGs/s"
                        + " | commands/s while nothing is asked",
                contender -> Stream.<ToDoubleFunction<StampedeTurn>>of(
                                StampedeTurn::commandsPerKey,
                                StampedeTurn::sentPerKey,
                                StampedeTurn::foundPerKey,
                                StampedeTurn::byTheClockPerKey,
                                StampedeTurn::pingsPerSecond,
                                StampedeTurn::idlePerSecond)
                        .map(figure -> figures.text(contender, figure)));
        whereItGoes();
        commands();
        if (options.contenders().contains(StampedeFigures.OURS)) {
            ratios();
        }
        System.out.println();
    }

    void draw() {
        Results.write(
                "Stampede-creator" + creator + ".svg",
                Chart.bars(
                        options.processes() + " processes x " + options.threads() + " threads, creator of " + creator
                                + " ms",
                        "p50 beyond the creator, ms",
                        options.contenders().stream()
                                .map(each -> new Chart.Bar(each, figures.spread(each, StampedeTurn::p50)))
                                .toList()));
    }

    /** A row for each contender, its name in front. */
    private void table(String head, Row row) {
        System.out.printf("%n| %s |%n|%s%n", head, "---|".repeat(head.split("\\|", -1).length));
        for (String contender : options.contenders()) {
            System.out.println(row.of(contender)
                    .collect(Collectors.joining(" | ", "| " + StampedeFigures.label(contender) + " | ", " |")));
        }
    }

    /** The cells behind the name. */
    private interface Row {
        Stream<String> of(String contender);
    }

    /** The stages, and what each kind of thread has used for a key. */
    private void whereItGoes() {
        table(
                "where it goes | until the creator begins, ms | from its end to its process's answers"
                        + " | to the others' answers"
                        + " | thread, CPU ms/key with rest (turns on a processor; ms it stood behind others)",
                contender -> Stream.of(
                        figures.text(contender, turn -> turn.stages().beforeMillis()),
                        figures.text(contender, turn -> turn.stages().ownMillis()),
                        figures.text(contender, turn -> turn.stages().othersMillis()),
                        byKind(contender)));
    }

    /** Medians alone: with their spreads nobody could read it. */
    private String byKind(String contender) {
        Set<String> kinds = new TreeSet<>();
        figures.of(contender).forEach(turn -> kinds.addAll(turn.byKind().keySet()));
        return kinds.stream()
                .map(kind -> String.format(
                        Locale.ROOT,
                        "%s %.2f (%.1f; %.1f)",
                        kind,
                        perKey(contender, kind, times -> times.cpuNanos() / 1e6),
                        perKey(contender, kind, ThreadTimes.Times::turns),
                        perKey(contender, kind, times -> times.waitNanos() / 1e6)))
                .collect(Collectors.joining(", "));
    }

    private double perKey(String contender, String kind, ToDoubleFunction<ThreadTimes.Times> figure) {
        return figures.spread(
                        contender,
                        turn -> figure.applyAsDouble(turn.byKind().getOrDefault(kind, ThreadTimes.Times.NONE))
                                / turn.keys())
                .median();
    }

    /** Of all processes, those within scripts included, for each key: medians of the rounds. */
    private void commands() {
        Set<String> commands = new TreeSet<>();
        for (String contender : options.contenders()) {
            figures.of(contender)
                    .forEach(turn -> commands.addAll(
                            StampedeTurn.withoutPings(turn.commands()).calls().keySet()));
        }
        System.out.printf(
                "%n| command, executed/key, with what is besides | %s |%n", String.join(" | ", options.contenders()));
        System.out.println("|---|" + "---|".repeat(options.contenders().size()));
        for (String command : commands) {
            System.out.println(options.contenders().stream()
                    .map(contender -> figures.spread(
                                    contender, turn -> (double) turn.commands().count(command) / turn.keys())
                            .median())
                    .map(median -> String.format(Locale.ROOT, "%.2f", median))
                    .collect(Collectors.joining(" | ", "| " + command.replace("|", " ") + " | ", " |")));
        }
    }

    private void ratios() {
        table(
                "theirs / ours, of turns of the same round | p50 | p99 | CPU | CPU with rest",
                contender -> Stream.<ToDoubleFunction<StampedeTurn>>of(
                                StampedeTurn::p50,
                                StampedeTurn::p99,
                                StampedeTurn::cpuMillisPerKey,
                                StampedeTurn::cpuMillisPerKeyWithRest)
                        .map(figure -> figures.besideOurs(contender, figure).text("%.2f")));
    }

    /** Without ours it has no ratios to ours; without a contender its ratios are left out. */
    Map<String, Object> result() {
        Map<String, Object> result = new LinkedHashMap<>();
        afterHits(result);
        if (!options.contenders().contains(StampedeFigures.OURS)) {
            return result;
        }
        put(result, "commandsPerKey", StampedeTurn::commandsPerKey);
        put(result, "commandsSentPerKey", StampedeTurn::sentPerKey);
        put(result, "byTheClockPerKey", StampedeTurn::byTheClockPerKey);
        put(result, "pingsPerSecond", StampedeTurn::pingsPerSecond);
        put(result, "idleCommandsPerSecond", StampedeTurn::idlePerSecond);
        put(result, "cpuMillisPerKey", StampedeTurn::cpuMillisPerKey);
        put(result, "cpuMillisPerSecondAtRest", StampedeTurn::restMillisPerSecond);
        put(result, "creatorRunsPerKey", StampedeTurn::creatorRunsPerKey);
        result.put("errors", figures.sum(StampedeFigures.OURS, StampedeTurn::errors));
        List<String> rivals = new ArrayList<>(options.contenders());
        rivals.removeAll(List.of(StampedeFigures.OURS, OursAfterHits.NAME));
        rivals.forEach(rival -> putRatios(result, rival));
        return result;
    }

    /** The promises for a stampede among hits: what a key costs, one creator, and how many times as long the lock takes. */
    private void afterHits(Map<String, Object> result) {
        String ours = OursAfterHits.NAME;
        if (!options.contenders().contains(ours)) {
            return;
        }
        result.put(
                "commandsPerKeyAfterHits",
                Results.rounded(
                        figures.spread(ours, StampedeTurn::commandsPerKey).median()));
        result.put(
                "creatorRunsPerKeyAfterHits",
                Results.rounded(
                        figures.spread(ours, StampedeTurn::creatorRunsPerKey).median()));
        result.put("errorsAfterHits", figures.sum(ours, StampedeTurn::errors));
        if (options.contenders().contains(LOCK)) {
            figures.ratio(LOCK, ours, StampedeTurn::p50).put(result, "stampedeVsRedissonP50AfterHits");
            figures.ratio(LOCK, ours, StampedeTurn::p99).put(result, "stampedeVsRedissonP99AfterHits");
        }
    }

    private void put(Map<String, Object> result, String name, ToDoubleFunction<StampedeTurn> figure) {
        result.put(
                name,
                Results.rounded(figures.spread(StampedeFigures.OURS, figure).median()));
    }

    /** Theirs / ours, but that ours is measured in the times of Caffeine alone. */
    private void putRatios(Map<String, Object> result, String rival) {
        switch (rival) {
            case LOCK -> {
                figures.besideOurs(rival, StampedeTurn::p50).put(result, "stampedeVsRedissonP50");
                figures.besideOurs(rival, StampedeTurn::p99).put(result, "stampedeVsRedissonP99");
                figures.besideOurs(rival, StampedeTurn::cpuMillisPerKey).put(result, "cpuVsRedisson");
                figures.besideOurs(rival, StampedeTurn::cpuMillisPerKeyWithRest).put(result, "cpuWithRestVsRedisson");
            }
            case "caffeineAlone" -> {
                figures.ratio(StampedeFigures.OURS, rival, StampedeTurn::p50).put(result, "timesCaffeineAloneP50");
                figures.ratio(StampedeFigures.OURS, rival, StampedeTurn::p99).put(result, "timesCaffeineAloneP99");
            }
            default -> {
                String name = "vs" + rival.substring(0, 1).toUpperCase(Locale.ROOT) + rival.substring(1);
                figures.besideOurs(rival, StampedeTurn::p50).put(result, name + "P50");
                figures.besideOurs(rival, StampedeTurn::p99).put(result, name + "P99");
            }
        }
    }
}
