package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a key costs as processes and threads grow, all of which ask for it at the same moment: ours, and beside rivals. */
final class Growth {

    private Growth() {}

    /** See {@link GrowthOptions}; {@code --quick}: fewer keys, one round. */
    public static void main(String[] args) {
        Quiet.logs();
        GrowthOptions options = GrowthOptions.of(args);
        List<String> contenders = options.contenders();
        String before = Machine.load();
        List<GrowthStep> steps = new ArrayList<>();
        Unfinished.measure(() -> measure(options, before, steps), () -> tables(options, before, steps));
        tables(options, before, steps);
        Map<String, Object> result = new GrowthResult(steps, contenders).result();
        Results.write("Growth", raw(before, result, steps));
        draw(steps, contenders);
        Results.print(result);
    }

    /** Adds each step once it is complete. */
    private static void measure(GrowthOptions options, String before, List<GrowthStep> steps) {
        for (StampedeOptions each : options.steps()) {
            System.out.printf(
                    "%d processes x %d threads: round %d of %d%n",
                    each.processes(),
                    each.threads(),
                    steps.size() + 1,
                    options.steps().size());
            Stampede stampede = new Stampede(each, turns -> {
                List<GrowthStep> soFar = new ArrayList<>(steps);
                soFar.add(new GrowthStep(each, turns));
                Results.soFar("Growth", raw(before, Map.of(), soFar));
            });
            stampede.run();
            steps.add(new GrowthStep(each, stampede.turns()));
        }
    }

    private static void tables(GrowthOptions options, String before, List<GrowthStep> steps) {
        System.out.printf(
                "%nMedians of %d rounds, in parentheses the least and the greatest. At the start: %s. At the end: %s. %s%n%n",
                options.rounds(),
                before,
                Machine.load(),
                MachineShare.text(
                        steps.stream().flatMap(step -> step.turns().stream()).map(StampedeTurn::machine)));
        print(steps, options.contenders());
    }

    private static void draw(List<GrowthStep> steps, List<String> contenders) {
        List<Chart.Bar> bars = new ArrayList<>();
        for (GrowthStep step : steps) {
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

    private static Map<String, Object> raw(String before, Map<String, Object> result, List<GrowthStep> steps) {
        List<Map<String, Object>> measured = new ArrayList<>();
        for (GrowthStep step : steps) {
            for (StampedeTurn turn : step.turns()) {
                Map<String, Object> one = new LinkedHashMap<>();
                one.put("processes", step.options().processes());
                one.put("threads", step.options().threads());
                one.putAll(turn.raw());
                measured.add(one);
            }
        }
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("machineAtTheStart", before);
        raw.put("result", result);
        raw.put("measured", measured);
        return raw;
    }

    private static void print(List<GrowthStep> steps, List<String> contenders) {
        System.out.println(
                "| contender | processes | threads each | callers with an error or no answer"
                        + " | creator runs a key | beyond the creator p50 ms | p99 ms | p50, theirs / ours"
                        + " | commands a key, those by the clock left out | of these a process | CPU ms a key, without what it takes at rest | at rest, CPU ms a second |");
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|");
        for (GrowthStep step : steps) {
            StampedeFigures figures = step.figures();
            for (String contender : contenders) {
                System.out.printf(
                        "| %s | %d | %d | %d | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                        StampedeFigures.label(contender),
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
                        figures.text(contender, StampedeTurn::cpuMillisPerKey),
                        figures.text(contender, StampedeTurn::restMillisPerSecond));
            }
        }
        System.out.println();
    }
}
