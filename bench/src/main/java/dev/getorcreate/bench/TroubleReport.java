package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Predicate;

/** The tables, the pictures, the raw data and the RESULT of {@link Trouble}. */
final class TroubleReport {

    private final String atTheStart = Machine.load();
    private final List<TroubleTrial.Row> holders = new ArrayList<>();
    private final List<TroubleTrial.Row> cuts = new ArrayList<>();
    private final List<TroubleAwayReport> away = new ArrayList<>();
    private final List<UpstreamTrouble> upstreams = new ArrayList<>();

    void holder(List<TroubleTrial.Row> rows) {
        holders.addAll(rows);
    }

    void cut(List<TroubleTrial.Row> rows) {
        cuts.addAll(rows);
    }

    void away(TroubleAwayReport report) {
        away.add(report);
    }

    void upstream(UpstreamTrouble trouble) {
        upstreams.add(trouble);
    }

    void end() {
        System.out.printf("%nAt the start: %s.%nAt the end: %s.%n%n", atTheStart, Machine.load());
        if (holders.size() + cuts.size() + away.size() > 0) {
            redisson().forEach((way, settings) -> System.out.printf("%s: %s.%n%n", way, settings));
        }
        if (!holders.isEmpty() || !cuts.isEmpty()) {
            printTrials();
        }
        if (!away.isEmpty()) {
            printAway();
        }
        if (!upstreams.isEmpty()) {
            printUpstreams();
        }
        Map<String, Object> result = new TroubleResult(holders, cuts, away, upstreams).figures();
        write(result);
        Results.print(result);
    }

    private static Map<String, String> redisson() {
        String anywhere = "redis://127.0.0.1:6379";
        Map<String, String> settings = new LinkedHashMap<>();
        settings.put(TroubleWay.TUNED, RedissonLock.settings(RedissonTuned.config(anywhere)));
        settings.put(TroubleWay.REDISSON, RedissonLock.settings(RedissonLock.config(anywhere)));
        return settings;
    }

    private void printTrials() {
        System.out.printf(
                "%d other processes with %d threads each wait for the key that one process creates; ours with a lease of"
                        + " 2 s. Cut: counted from the creator's end. A caller that is told an error asks again.%n%n",
                TroubleTeam.WAITING, TroubleTeam.THREADS);
        System.out.println(TroubleTrial.Row.HEAD);
        holders.forEach(TroubleTrial.Row::print);
        cuts.forEach(TroubleTrial.Row::print);
        System.out.println();
    }

    private void printAway() {
        System.out.printf(
                "%d processes of %d threads; on each a call is due every %d ms, whether or not the one before was answered, and"
                        + " its time counts from then. Never made: still due when the load ended. %d known keys, and one call"
                        + " of %d is for a new one; PostgreSQL decides. Times and errors are of the calls that were due"
                        + " then.%n%n",
                TroubleAway.PROCESSES,
                TroubleLoad.THREADS,
                TroubleLoad.PACE / 1_000_000,
                TroubleLoad.KEYS,
                TroubleLoad.NEW_OF);
        System.out.println(TroubleAwayReport.HEAD);
        away.forEach(TroubleAwayReport::print);
        System.out.println("\n| Redis was | way | back until every process had a hit in it, ms | creator runs"
                + " | answers that are not the row |\n|---|---|---|---|---|");
        away.forEach(TroubleAwayReport::printAgain);
        System.out.println();
    }

    private void printUpstreams() {
        System.out.println(
                "| upstream killed | settings | arbiter | trials | first answer ms, median (least to greatest)"
                        + " | first creation that another process finds ms | calls | finds and inserts a call | callers' errors |");
        System.out.println("|---|---|---|---|---|---|---|---|---|");
        for (UpstreamTrouble one : upstreams) {
            for (Callers callers : one.both()) {
                System.out.printf(
                        "| %s | %s | %s | %d | %s | %s | %d | %.2f | %s |%n",
                        one.group.name(),
                        one.group.settings(),
                        callers.arbiter,
                        callers.sharedMillis.size(),
                        Spread.of(callers.answeredMillis).text("%.0f"),
                        Spread.of(callers.sharedMillis).text("%.0f"),
                        callers.calls.get(),
                        callers.decisionsPerCall(),
                        callers.errors);
            }
        }
        System.out.println();
    }

    private void write(Map<String, Object> result) {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("machineAtTheStart", atTheStart);
        raw.put("result", result);
        raw.put("redisson", redisson());
        raw.put("holder", holders.stream().map(TroubleTrial.Row::raw).toList());
        raw.put("cut", cuts.stream().map(TroubleTrial.Row::raw).toList());
        raw.put("away", away.stream().map(TroubleAwayReport::raw).toList());
        raw.put("upstream", upstreams.stream().flatMap(UpstreamTrouble::raw).toList());
        Results.write("Trouble", raw);
        picture("Trouble-killed.svg", "Creator killed or frozen: until all others are served", holders, row -> true);
        picture("Trouble-cut.svg", "Connections cut: until all are served", cuts, row -> row.way()
                .equals(TroubleWay.OURS));
        if (!away.isEmpty()) {
            Results.write(
                    "Trouble-away.svg",
                    Chart.bars(
                            "Redis away: what is answered meanwhile",
                            "calls a second",
                            "seconds",
                            away.stream()
                                    .map(each ->
                                            new Chart.Bar(each.way + ", " + each.fault.words, each.answeredPerSecond()))
                                    .toList()));
        }
    }

    private static void picture(
            String file, String title, List<TroubleTrial.Row> rows, Predicate<TroubleTrial.Row> shown) {
        List<Chart.Bar> bars = rows.stream()
                .filter(shown)
                .map(row ->
                        new Chart.Bar(row.way() + (row.hasTable() ? ", " : " alone, ") + row.trouble(), row.served()))
                .toList();
        if (!bars.isEmpty()) {
            Results.write(file, Chart.bars(title, "milliseconds", "trials", bars));
        }
    }
}
