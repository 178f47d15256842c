package dev.getorcreate.bench;

import static dev.getorcreate.bench.SharedHitReport.OURS;
import static dev.getorcreate.bench.SharedHitReport.RAW;
import static dev.getorcreate.bench.SharedHitReport.TUNED;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * The RESULT of the shared hit: ours beside a GET, and the rivals beside ours. Latency stands there with the fewest threads,
 * throughput with the most, and small values in both; what differs from that is in the name.
 */
final class SharedHitRatios {

    private final SharedHitOptions options;
    private final List<SharedHitCell> cells;
    private final List<SharedHitCell> small;
    private final Map<String, Object> result = new LinkedHashMap<>();

    SharedHitRatios(SharedHitOptions options, List<SharedHitCell> cells) {
        this.options = options;
        this.cells = cells;
        this.small = of(options.sizes().get(0));
    }

    /** Who rests has no throughput. */
    Map<String, Object> result() {
        SharedHitCell few = small.get(0);
        SharedHitCell many = small.get(small.size() - 1);
        if (options.restMillis() > 0) {
            besideLettuce("restedHitRatio", few, SharedHitTurn::p50Nanos);
            return result;
        }
        latency("", few);
        throughput("", many);
        put("sharedClientCpuRatio", many, OURS, RAW, turn -> (double) turn.cpuNanos() / turn.calls());
        put("sharedRedisCpuRatio", many, OURS, RAW, turn -> (double) turn.redisNanos() / turn.calls());
        for (SharedHitCell cell : small) {
            String where = cell.threads() + (cell.threads() == 1 ? "Thread" : "Threads");
            if (cell.threads() != few.threads()) {
                latency(where, cell);
            }
            if (cell.threads() != many.threads()) {
                throughput(where, cell);
            }
        }
        for (int size : options.sizes().subList(1, options.sizes().size())) {
            List<SharedHitCell> larger = of(size);
            latency(size + "Bytes", larger.get(0));
            throughput(size + "Bytes", larger.get(larger.size() - 1));
        }
        return result;
    }

    private List<SharedHitCell> of(int size) {
        return cells.stream().filter(cell -> cell.size() == size).toList();
    }

    private void latency(String where, SharedHitCell cell) {
        besideLettuce("sharedHitRatio" + where, cell, SharedHitTurn::p50Nanos);
        rivals().forEach(rival -> put(rival + "HitTimesOurs" + where, cell, rival, OURS, SharedHitTurn::p50Nanos));
    }

    private void throughput(String where, SharedHitCell cell) {
        besideLettuce("sharedThroughputRatio" + where, cell, SharedHitTurn::perSecond);
        rivals().forEach(rival ->
                put("oursThroughputTimes" + capital(rival) + where, cell, OURS, rival, SharedHitTurn::perSecond));
    }

    private List<String> rivals() {
        return options.contenders().stream()
                .filter(each -> !List.of(RAW, TUNED, OURS).contains(each))
                .toList();
    }

    private void besideLettuce(String name, SharedHitCell cell, ToDoubleFunction<SharedHitTurn> figure) {
        put(name, cell, OURS, RAW, figure);
        put(name + "Tuned", cell, OURS, TUNED, figure);
    }

    private void put(
            String name, SharedHitCell cell, String contender, String base, ToDoubleFunction<SharedHitTurn> figure) {
        if (options.contenders().containsAll(List.of(contender, base))) {
            cell.ratio(contender, base, figure).put(result, name);
        }
    }

    private static String capital(String name) {
        return Character.toUpperCase(name.charAt(0)) + name.substring(1);
    }
}
