package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** What a key costs as processes and threads grow, all of which ask for it at the same moment: ours, and beside rivals. */
final class Growth {

    private static final String LOCK = "redissonLock";

    /** So many processes and threads, and what was seen there. */
    private record Step(StampedeOptions options, List<StampedeTurn> turns) {

        StampedeFigures figures() {
            return new StampedeFigures(turns);
        }

        double perKeyAndProcess(StampedeTurn turn) {
            return turn.commandsPerKey() / options.processes();
        }
    }

    private Growth() {}

    /** See {@link GrowthOptions}; {@code --quick}: fewer keys, one round. */
    public static void main(String[] args) {
        Quiet.logs();
        GrowthOptions options = GrowthOptions.of(args);
        List<String> contenders = options.contenders();
        String before = Machine.load();
        List<Step> steps = new ArrayList<>();
        for (StampedeOptions each : options.steps()) {
            System.out.printf(
                    "%d processes x %d threads: round %d of %d%n",
                    each.processes(),
                    each.threads(),
                    steps.size() + 1,
                    options.steps().size());
            steps.add(new Step(each, new Stampede(each).run()));
        }
        System.out.printf(
                "%nMedians of %d rounds, in parentheses the least and the greatest. At the start: %s. At the end: %s.%n%n",
                options.rounds(), before, Machine.load());
        print(steps, contenders);
        Map<String, Object> result = result(steps, contenders);
        Results.write("Growth", Map.of("machineAtTheStart", before, "result", result, "measured", raw(steps)));
        draw(steps, contenders);
        Results.print(result);
    }

    private static void draw(List<Step> steps, List<String> contenders) {
        List<Chart.Bar> bars = new ArrayList<>();
        for (Step step : steps) {
            for (String contender : contenders) {
                String label = contender + ", " + step.options().processes() + " x "
                        + step.options().threads();
                bars.add(new Chart.Bar(label, step.figures().spread(contender, StampedeTurn::p50)));
            }
        }
        Results.write(
                "Growth.svg",
                Chart.bars(
                        "Processes x threads, creator of " + GrowthOptions.CREATOR_MILLIS + " ms",
                        "p50 beyond the creator, ms",
                        bars));
    }

    /** Over all steps: what a process more costs ours, and how many times as long the lock takes. */
    private static Map<String, Object> result(List<Step> steps, List<String> contenders) {
        Map<String, Object> result = new LinkedHashMap<>();
        if (contenders.contains(StampedeFigures.OURS)) {
            put(result, "commandsPerKeyAndProcess", steps, step -> step.figures()
                    .spread(StampedeFigures.OURS, step::perKeyAndProcess)
                    .median());
            if (contenders.contains(LOCK)) {
                put(result, "stampedeVsRedissonP50", steps, step -> step.figures()
                        .besideOurs(LOCK, StampedeTurn::p50)
                        .median());
            }
        }
        return result;
    }

    private static void put(Map<String, Object> result, String name, List<Step> steps, ToDoubleFunction<Step> figure) {
        Spread spread = Spread.of(steps.stream().mapToDouble(figure));
        result.put(name + "Least", Results.rounded(spread.least()));
        result.put(name + "Greatest", Results.rounded(spread.greatest()));
    }

    private static List<Map<String, Object>> raw(List<Step> steps) {
        List<Map<String, Object>> raw = new ArrayList<>();
        for (Step step : steps) {
            for (StampedeTurn turn : step.turns()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("processes", step.options().processes());
                one.put("threads", step.options().threads());
                one.putAll(turn.raw());
                raw.add(one);
            }
        }
        return raw;
    }

    private static void print(List<Step> steps, List<String> contenders) {
        System.out.println("| contender | processes | threads each | callers with an error or no answer"
                + " | creator runs a key | beyond the creator p50 ms | p99 ms | p50, theirs / ours"
                + " | commands a key, those by the clock left out | of these a process | CPU ms a key |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
        for (Step step : steps) {
            StampedeFigures figures = step.figures();
            for (String contender : contenders) {
                System.out.printf(
                        "| %s | %d | %d | %d | %s | %s | %s | %s | %s | %s | %s |%n",
                        contender,
                        step.options().processes(),
                        step.options().threads(),
                        figures.sum(contender, StampedeTurn::errors),
                        figures.text(contender, StampedeTurn::creatorRunsPerKey),
                        figures.text(contender, StampedeTurn::p50),
                        figures.text(contender, StampedeTurn::p99),
                        contenders.contains(StampedeFigures.OURS)
                                ? figures.besideOurs(contender, StampedeTurn::p50)
                                        .text("%.1f")
                                : "-",
                        figures.text(contender, StampedeTurn::commandsPerKey),
                        figures.text(contender, step::perKeyAndProcess),
                        figures.text(contender, StampedeTurn::cpuMillisPerKey));
            }
        }
        System.out.println();
    }
}
