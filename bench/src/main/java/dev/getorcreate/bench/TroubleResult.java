package dev.getorcreate.bench;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/** The figures of {@link Trouble} that targets name; without a suffix they are ours, with the table. */
record TroubleResult(
        List<TroubleTrial.Row> holders,
        List<TroubleTrial.Row> cuts,
        List<TroubleAwayReport> away,
        List<UpstreamTrouble> upstreams) {

    /** By each way what stands at the end of the names of its figures. */
    private static final Map<String, String> NAMES = new TreeMap<>(
            Map.of(TroubleWay.OURS, "", TroubleWay.TUNED, "RedissonTuned", TroubleWay.REDISSON, "Redisson"));

    Map<String, Object> figures() {
        Map<String, Object> result = new LinkedHashMap<>();
        NAMES.forEach((way, name) -> {
            holder(result, way, name);
            cut(result, way, name);
            away(result, way, name);
        });
        upstreams.forEach(one -> result.put(one.group.name().toLowerCase(Locale.ROOT), one.result()));
        return result;
    }

    private void holder(Map<String, Object> result, String way, String name) {
        List<TroubleTrial> killed = holders(way, true, HolderTrouble.KILLED);
        recovery(result, "crashRecovery", name, killed);
        recovery(result, "frozenRecovery", name, holders(way, true, HolderTrouble.FROZEN));
        recovery(result, "crashRecoveryAlone", name, holders(way, false, HolderTrouble.KILLED));
        List<TroubleTrial> ours = holders(TroubleWay.OURS, true, HolderTrouble.KILLED);
        if (!name.isEmpty() && !killed.isEmpty() && !ours.isEmpty()) {
            result.put(
                    "crashRecoveryVs" + name,
                    Results.rounded(served(killed).median() / served(ours).median()));
        }
        List<TroubleTrial> holding = trials(of(way, holders));
        if (!holding.isEmpty()) {
            // One by whoever died or was stopped, and one in its place.
            result.put(
                    "extraCreations" + name,
                    holding.stream().mapToInt(trial -> trial.creatorRuns() - 2).sum());
            result.put("differingAnswers" + name, differing(holding));
            result.put("holderErrors" + name, errors(holding));
        }
    }

    private void cut(Map<String, Object> result, String way, String name) {
        List<TroubleTrial.Row> rows = of(way, cuts).stream()
                .filter(row -> !row.trouble().equals(TroubleCut.Cut.NONE.words))
                .toList();
        List<TroubleTrial> cut = trials(rows);
        if (!cut.isEmpty()) {
            // Those that hardly matter must not hide the one that does.
            result.put(
                    "cutRecoveryMillis" + name,
                    Results.rounded(rows.stream()
                            .mapToDouble(row -> row.served().median())
                            .max()
                            .orElse(0)));
            result.put(
                    "cutRecoveryMaxMillis" + name, Results.rounded(served(cut).greatest()));
            result.put(
                    "cutCreatorRunsPerKey" + name,
                    Results.rounded(cut.stream()
                            .mapToInt(TroubleTrial::creatorRuns)
                            .average()
                            .orElse(0)));
            result.put("cutDifferingAnswers" + name, differing(cut));
            result.put("cutErrors" + name, errors(cut));
        }
    }

    private void away(Map<String, Object> result, String way, String name) {
        List<TroubleAwayReport> reports =
                away.stream().filter(each -> each.way.equals(way)).toList();
        if (reports.isEmpty()) {
            return;
        }
        result.put(
                "awayErrors" + name,
                reports.stream().mapToInt(TroubleAwayReport::errors).sum());
        result.put(
                "awayUnmade" + name,
                reports.stream().mapToLong(TroubleAwayReport::unmade).sum());
        result.put(
                "awayDatabaseStatementsPerSecond" + name,
                reports.stream()
                        .mapToDouble(TroubleAwayReport::statementsPerSecond)
                        .max()
                        .orElse(0));
        result.put(
                "awayAnsweredPerSecond" + name,
                reports.stream()
                        .mapToDouble(each -> each.answeredPerSecond().median())
                        .min()
                        .orElse(0));
        result.put(
                "awaySharedAgainMillis" + name,
                TroubleAwayReport.told(reports.stream()
                        .mapToDouble(TroubleAwayReport::sharedAgainMillis)
                        .max()
                        .orElse(Double.NaN)));
        result.put(
                "awayDiffering" + name,
                reports.stream().mapToInt(TroubleAwayReport::differing).sum());
    }

    private List<TroubleTrial> holders(String way, boolean hasTable, String trouble) {
        return trials(of(way, holders).stream()
                .filter(row -> row.hasTable() == hasTable && row.trouble().equals(trouble))
                .toList());
    }

    private static List<TroubleTrial.Row> of(String way, List<TroubleTrial.Row> rows) {
        return rows.stream().filter(row -> row.way().equals(way)).toList();
    }

    private static List<TroubleTrial> trials(List<TroubleTrial.Row> rows) {
        return rows.stream().flatMap(row -> row.trials().stream()).toList();
    }

    private static void recovery(Map<String, Object> result, String figure, String name, List<TroubleTrial> trials) {
        if (!trials.isEmpty()) {
            result.put(figure + "Millis" + name, Results.rounded(served(trials).median()));
            result.put(
                    figure + "MaxMillis" + name, Results.rounded(served(trials).greatest()));
        }
    }

    private static Spread served(List<TroubleTrial> trials) {
        return Spread.of(trials.stream().mapToDouble(TroubleTrial::servedMillis));
    }

    private static long differing(List<TroubleTrial> trials) {
        return trials.stream().filter(TroubleTrial::isDiffering).count();
    }

    private static int errors(List<TroubleTrial> trials) {
        return trials.stream().mapToInt(trial -> trial.errors().sum()).sum();
    }
}
