package dev.getorcreate.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The RESULT of the growth, over all steps: what a process more costs ours, and how many times as long the lock takes. */
final class GrowthResult {

    private static final String LOCK = "redissonLock";

    private final List<GrowthStep> steps;
    private final List<String> contenders;
    private final Map<String, Object> result = new LinkedHashMap<>();

    GrowthResult(List<GrowthStep> steps, List<String> contenders) {
        this.steps = steps;
        this.contenders = contenders;
    }

    /** Without ours it is empty. */
    Map<String, Object> result() {
        if (!contenders.contains(StampedeFigures.OURS)) {
            return result;
        }
        put("commandsPerKeyAndProcess", step -> step.figures()
                .spread(StampedeFigures.OURS, step::perKeyAndProcess)
                .median());
        if (contenders.contains(LOCK)) {
            put(
                    "growthVsRedissonP50",
                    step -> step.figures().besideOurs(LOCK, StampedeTurn::p50).median());
        }
        return result;
    }

    private void put(String name, ToDoubleFunction<GrowthStep> figure) {
        Spread spread = Spread.of(steps.stream().mapToDouble(figure));
        result.put(name + "Least", Results.rounded(spread.least()));
        result.put(name + "Greatest", Results.rounded(spread.greatest()));
    }
}
