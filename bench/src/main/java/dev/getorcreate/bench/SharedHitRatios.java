package dev.getorcreate.bench;

import static dev.getorcreate.bench.SharedHitReport.OURS;
import static dev.getorcreate.bench.SharedHitReport.RAW;
import static dev.getorcreate.bench.SharedHitReport.TUNED;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The RESULT of the shared hit. */
final class SharedHitRatios {

    private final SharedHitOptions options;
    private final List<SharedHitCell> small;
    private final Map<String, Object> result = new LinkedHashMap<>();

    SharedHitRatios(SharedHitOptions options, List<SharedHitCell> cells) {
        this.options = options;
        this.small = cells.stream()
                .filter(cell -> cell.size() == options.sizes().get(0))
                .toList();
    }

    /** Small values: latency with the fewest threads, throughput with the most. Who rests has no throughput. */
    Map<String, Object> result() {
        SharedHitCell few = small.get(0);
        SharedHitCell many = small.get(small.size() - 1);
        if (options.restMillis() > 0) {
            besideLettuce("restedHitRatio", few, SharedHitTurn::p50Nanos);
            return result;
        }
        besideLettuce("sharedHitRatio", few, SharedHitTurn::p50Nanos);
        besideLettuce("sharedThroughputRatio", many, SharedHitTurn::perSecond);
        put("sharedClientCpuRatio", many, RAW, turn -> (double) turn.cpuNanos() / turn.calls());
        put("sharedRedisCpuRatio", many, RAW, turn -> (double) turn.redisNanos() / turn.calls());
        return result;
    }

    private void besideLettuce(String name, SharedHitCell cell, ToDoubleFunction<SharedHitTurn> figure) {
        put(name, cell, RAW, figure);
        put(name + "Tuned", cell, TUNED, figure);
    }

    private void put(String name, SharedHitCell cell, String base, ToDoubleFunction<SharedHitTurn> figure) {
        if (options.contenders().containsAll(List.of(base, OURS))) {
            Ratios.put(result, name, cell.ratio(OURS, base, figure));
        }
    }
}
