package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/** The tables and the raw data of the shared hit. */
final class SharedHitReport {

    static final String RAW = "lettuceGet";
    static final String TUNED = "lettuceGetTuned";
    static final String OURS = "ours";

    private final SharedHitOptions options;
    private final String atTheStart;
    private final List<SharedHitCell> cells = new ArrayList<>();

    SharedHitReport(SharedHitOptions options, String atTheStart) {
        this.options = options;
        this.atTheStart = atTheStart;
    }

    /** Before its turns. */
    void add(SharedHitCell cell) {
        cells.add(cell);
    }

    /** Writes what there is until now, under that name. */
    void soFar(String as) {
        Results.soFar(as, raw(Map.of()));
    }

    /** Prints and writes all, under that name; gives the ratios. */
    Map<String, Object> end(String as) {
        tables();
        Map<String, Object> result = new SharedHitRatios(options, cells).result();
        Results.write(as, raw(result));
        SharedHitCell last = cells.get(options.threads().size() - 1);
        Results.write(
                as + ".svg",
                Chart.bars(
                        "A shared hit: " + last.size() + " bytes, " + last.threads() + " threads",
                        "calls a second",
                        options.contenders().stream()
                                .map(each -> new Chart.Bar(each, last.of(each, SharedHitTurn::perSecond)))
                                .toList()));
        return result;
    }

    /** Prints those that have all their rounds. */
    void tables() {
        System.out.printf(
                "%nMedians of %d rounds of %d ms, in parentheses the least and the greatest. At the start: %s. At the"
                        + " end: %s. %s%s%n",
                options.rounds(),
                options.turnMillis(),
                atTheStart,
                Machine.load(),
                MachineShare.text(cells.stream()
                        .flatMap(cell -> cell.turns().values().stream())
                        .flatMap(List::stream)
                        .map(SharedHitTurn::machine)),
                rest());
        System.out.println(
                "Closed loops: a thread asks again when it is answered. So p50 and p99 hold the wait for the other"
                        + " threads' answers, and a stall counts once for a thread, not for all who would have come meanwhile.");
        System.out.printf(
                "%s: a GET by Lettuce's default options and synchronous commands. %s: a GET with the threads' flushes"
                        + " shared, no timer for each command, no reconnecting, and no proxy, as our store has it.%n",
                RAW, TUNED);
        cells.stream().filter(cell -> cell.rounds() == options.rounds()).forEach(this::print);
    }

    private String rest() {
        return options.restMillis() == 0 ? "" : " Before each call a rest of " + options.restMillis() + " ms.";
    }

    private void print(SharedHitCell cell) {
        System.out.printf(
                "%nA shared hit, %d bytes, %d thread%s:%n%n| contender | p50 µs | p99 µs, closed loop | calls/s | client CPU µs/call"
                        + " | Redis CPU µs/call | bytes allocated/call | p50 x %s | calls/s x %s | p50 x %s"
                        + " | calls/s x %s |%n",
                cell.size(), cell.threads(), cell.threads() == 1 ? "" : "s", RAW, RAW, TUNED, TUNED);
        System.out.println("|---|---|---|---|---|---|---|---|---|---|---|");
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
                    beside(cell, contender, RAW),
                    beside(cell, contender, TUNED));
        }
    }

    /** Two cells of the table. */
    private String beside(SharedHitCell cell, String contender, String base) {
        return beside(cell, contender, base, SharedHitTurn::p50Nanos)
                + " | "
                + beside(cell, contender, base, SharedHitTurn::perSecond);
    }

    private String beside(SharedHitCell cell, String contender, String base, ToDoubleFunction<SharedHitTurn> figure) {
        return options.contenders().contains(base)
                ? cell.ratio(contender, base, figure).text("%.2f")
                : "-";
    }

    private Map<String, Object> raw(Map<String, Object> result) {
        List<Map<String, Object>> measured = new ArrayList<>();
        for (SharedHitCell cell : cells) {
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
