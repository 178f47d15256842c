package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;

/** The tables and the RESULT of the shared hit. */
final class SharedHitReport {

    private static final String RAW = "lettuceGet";
    private static final String OURS = "ours";

    /** What was measured with one size and one number of threads. */
    private record Cell(int size, int threads, Map<String, List<SharedHitTurn>> turns) {

        Spread of(String contender, ToDoubleFunction<SharedHitTurn> figure) {
            return Spread.of(turns(contender).stream().mapToDouble(figure));
        }

        /** Beside the raw GET, round by round. */
        Spread ratio(String contender, ToDoubleFunction<SharedHitTurn> figure) {
            List<SharedHitTurn> own = turns(contender);
            List<SharedHitTurn> raw = turns(RAW);
            return Spread.of(IntStream.range(0, own.size())
                    .mapToDouble(round -> figure.applyAsDouble(own.get(round)) / figure.applyAsDouble(raw.get(round))));
        }

        private List<SharedHitTurn> turns(String contender) {
            return Objects.requireNonNull(turns.get(contender));
        }
    }

    private final SharedHitOptions options;
    private final String atTheStart;
    private final List<Cell> cells = new ArrayList<>();

    SharedHitReport(SharedHitOptions options, String atTheStart) {
        this.options = options;
        this.atTheStart = atTheStart;
    }

    void add(int size, int threads, Map<String, List<SharedHitTurn>> turns) {
        cells.add(new Cell(size, threads, turns));
    }

    /** Prints and writes all; gives the ratios. */
    Map<String, Object> end() {
        System.out.printf(
                "%nMedians of %d rounds of %d ms, in parentheses the least and the greatest. At the start: %s. At the"
                        + " end: %s.%s%n",
                options.rounds(), options.turnMillis(), atTheStart, Machine.load(), rest());
        cells.forEach(this::print);
        Map<String, Object> result = result();
        Results.write("SharedHit", raw(result));
        Cell last = cells.get(options.threads().size() - 1);
        Results.write(
                "SharedHit.svg",
                Chart.bars(
                        "A shared hit: " + last.size() + " bytes, " + last.threads() + " threads",
                        "calls a second",
                        options.contenders().stream()
                                .map(each -> new Chart.Bar(each, last.of(each, SharedHitTurn::perSecond)))
                                .toList()));
        return result;
    }

    private String rest() {
        return options.restMillis() == 0 ? "" : " Before each call a rest of " + options.restMillis() + " ms.";
    }

    private void print(Cell cell) {
        System.out.printf(
                "%nA shared hit, %d bytes, %d thread%s:%n%n| contender | p50 µs | p99 µs | calls/s | client CPU µs/call"
                        + " | Redis CPU µs/call | bytes allocated/call | p50 x raw | calls/s x raw |%n",
                cell.size(), cell.threads(), cell.threads() == 1 ? "" : "s");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (String contender : options.contenders()) {
            System.out.printf(
                    "| %s | %s | %s | %s | %s | %s | %s | %s | %s |%n",
                    contender,
                    cell.of(contender, turn -> turn.p50Nanos() / 1e3).text("%.1f"),
                    cell.of(contender, turn -> turn.p99Nanos() / 1e3).text("%.0f"),
                    cell.of(contender, SharedHitTurn::perSecond).text("%.0f"),
                    cell.of(contender, turn -> turn.cpuNanos() / 1e3 / turn.calls())
                            .text("%.1f"),
                    cell.of(contender, turn -> turn.redisNanos() / 1e3 / turn.calls())
                            .text("%.1f"),
                    cell.of(contender, turn -> (double) turn.allocated() / turn.calls())
                            .text("%.0f"),
                    besideRaw(cell, contender, SharedHitTurn::p50Nanos),
                    besideRaw(cell, contender, SharedHitTurn::perSecond));
        }
    }

    private String besideRaw(Cell cell, String contender, ToDoubleFunction<SharedHitTurn> figure) {
        return options.contenders().contains(RAW)
                ? cell.ratio(contender, figure).text("%.2f")
                : "-";
    }

    /** Small values: latency with the fewest threads, throughput with the most. Who rests has no throughput. */
    private Map<String, Object> result() {
        Map<String, Object> result = new LinkedHashMap<>();
        if (options.contenders().containsAll(List.of(RAW, OURS))) {
            int size = options.sizes().get(0);
            List<Cell> small =
                    cells.stream().filter(cell -> cell.size() == size).toList();
            Cell few = small.get(0);
            Cell many = small.get(small.size() - 1);
            if (options.restMillis() > 0) {
                put(result, "restedHitRatio", few.ratio(OURS, SharedHitTurn::p50Nanos));
                return result;
            }
            put(result, "sharedHitRatio", few.ratio(OURS, SharedHitTurn::p50Nanos));
            put(result, "sharedThroughputRatio", many.ratio(OURS, SharedHitTurn::perSecond));
            put(result, "sharedClientCpuRatio", many.ratio(OURS, turn -> (double) turn.cpuNanos() / turn.calls()));
            put(result, "sharedRedisCpuRatio", many.ratio(OURS, turn -> (double) turn.redisNanos() / turn.calls()));
        }
        return result;
    }

    private static void put(Map<String, Object> result, String name, Spread spread) {
        result.put(name, Results.rounded(spread.median()));
        result.put(name + "Least", Results.rounded(spread.least()));
        result.put(name + "Greatest", Results.rounded(spread.greatest()));
    }

    private Map<String, Object> raw(Map<String, Object> result) {
        List<Map<String, Object>> measured = new ArrayList<>();
        for (Cell cell : cells) {
            cell.turns()
                    .forEach((contender, turns) -> measured.add(Map.of(
                            "bytes", cell.size(),
                            "threads", cell.threads(),
                            "contender", contender,
                            "turns", turns.stream().map(SharedHitTurn::raw).toList())));
        }
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("machineAtTheStart", atTheStart);
        raw.put("result", result);
        raw.put("measured", measured);
        return raw;
    }
}
