package dev.getorcreate.bench;

import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;
import java.util.function.ToDoubleFunction;
import java.util.function.ToIntFunction;

/**
 * The RESULT of the growth: what a key costs ours with few and with many threads, what a process more costs, and over all
 * steps how many times as long the lock takes.
 */
final class GrowthResult {

    private static final String LOCK = "redissonLock";

    private final List<GrowthStep> steps;
    private final List<String> contenders;
    private final Map<String, Object> result = new LinkedHashMap<>();

    GrowthResult(List<GrowthStep> steps, List<String> contenders) {
        this.steps = steps;
        this.contenders = contenders;
    }

    /** Without ours it is empty; without a step of its kind a figure is left out. */
    Map<String, Object> result() {
        if (!contenders.contains(StampedeFigures.OURS)) {
            return result;
        }
        threads();
        processes();
        if (contenders.contains(LOCK)) {
            put("growthVsRedissonP50", steps, step -> step.figures()
                    .besideOurs(LOCK, StampedeTurn::p50)
                    .median());
        }
        return result;
    }

    /** Four processes of few threads, and of many: it is meant to be flat. */
    private void threads() {
        List<GrowthStep> grown =
                along(step -> step.options().threads(), step -> step.options().processes() == GrowthOptions.PROCESSES);
        grown.forEach(step -> result.put(
                "commandsPerKey" + named(step.options().threads(), "Thread", "Threads"),
                Results.rounded(commands(step))));
        if (grown.size() > 1) {
            result.put(
                    "commandsPerKeyManyThreadsTimesFew",
                    Results.rounded(commands(grown.get(grown.size() - 1)) / commands(grown.get(0))));
        }
    }

    /** Few processes of 16 threads, and many: each is meant to cost the same. */
    private void processes() {
        List<GrowthStep> grown =
                along(step -> step.options().processes(), step -> step.options().threads() == GrowthOptions.THREADS);
        grown.forEach(step -> result.put(
                "commandsPerKey" + named(step.options().processes(), "Process", "Processes"),
                Results.rounded(commands(step))));
        if (grown.size() > 1) {
            GrowthStep few = grown.get(0);
            GrowthStep many = grown.get(grown.size() - 1);
            double more = many.options().processes() - few.options().processes();
            result.put("commandsPerKeyForAProcessMore", Results.rounded((commands(many) - commands(few)) / more));
        }
        if (!grown.isEmpty()) {
            put("commandsPerKeyAndProcess", grown, step -> step.figures()
                    .spread(StampedeFigures.OURS, step::perKeyAndProcess)
                    .median());
        }
    }

    private List<GrowthStep> along(ToIntFunction<GrowthStep> way, Predicate<GrowthStep> isOnIt) {
        return steps.stream()
                .filter(isOnIt)
                .sorted(Comparator.comparingInt(way))
                .toList();
    }

    private static double commands(GrowthStep step) {
        return step.figures()
                .spread(StampedeFigures.OURS, StampedeTurn::commandsPerKey)
                .median();
    }

    private static String named(int count, String one, String several) {
        return count + (count == 1 ? one : several);
    }

    private void put(String name, List<GrowthStep> of, ToDoubleFunction<GrowthStep> figure) {
        Spread spread = Spread.of(of.stream().mapToDouble(figure));
        result.put(name + "Least", Results.rounded(spread.least()));
        result.put(name + "Greatest", Results.rounded(spread.greatest()));
    }
}
