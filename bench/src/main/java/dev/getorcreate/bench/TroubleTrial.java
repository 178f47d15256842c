package dev.getorcreate.bench;

import dev.getorcreate.bench.CountedStatements.Counts;
import dev.getorcreate.bench.TroubleTeam.Told;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * One key in trouble.
 *
 * @param servedMillis how long until the last caller was served
 * @param isDiffering whether not all were told the same record, that of the table if there is one
 */
record TroubleTrial(double servedMillis, int creatorRuns, CallerErrors errors, boolean isDiffering, Counts statements) {

    static TroubleTrial of(Told told, long from, @Nullable List<String> rows) {
        return new TroubleTrial(
                (told.last - from) / 1e6, told.creatorRuns, told.errors, told.isDiffering(rows), told.statements);
    }

    Map<String, Object> raw() {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("servedMillis", servedMillis);
        raw.put("creatorRuns", creatorRuns);
        raw.put("errors", errors.counts());
        raw.put("differing", isDiffering);
        raw.put("finds", statements.finds());
        raw.put("inserts", statements.inserts());
        raw.put("otherStatements", statements.others());
        return raw;
    }

    /** Trials of one trouble and one way; a row of the table. */
    record Row(String trouble, String way, boolean hasTable, List<TroubleTrial> trials) {

        static final String HEAD = "| trouble | way | table | trials | all served after ms, median (least to greatest)"
                + " | creator runs a key | finds a key | inserts a key | other statements | keys told differently, or not the row"
                + " | callers' errors |\n"
                + "|---|---|---|---|---|---|---|---|---|---|---|";

        Spread served() {
            return of(TroubleTrial::servedMillis);
        }

        Spread of(ToDoubleFunction<TroubleTrial> figure) {
            return Spread.of(trials.stream().mapToDouble(figure));
        }

        long differing() {
            return trials.stream().filter(TroubleTrial::isDiffering).count();
        }

        CallerErrors errors() {
            CallerErrors all = new CallerErrors();
            trials.forEach(trial -> all.addAll(trial.errors.line()));
            return all;
        }

        private double mean(ToDoubleFunction<TroubleTrial> figure) {
            return trials.stream().mapToDouble(figure).average().orElse(Double.NaN);
        }

        private String statements(ToDoubleFunction<TroubleTrial> figure) {
            return hasTable ? String.format(Locale.ROOT, "%.1f", mean(figure)) : "-";
        }

        void print() {
            System.out.printf(
                    Locale.ROOT,
                    "| %s | %s | %s | %d | %s | %.1f | %s | %s | %s | %d | %s |%n",
                    trouble,
                    way,
                    hasTable ? "PostgreSQL" : "none",
                    trials.size(),
                    served().text("%.0f"),
                    mean(TroubleTrial::creatorRuns),
                    statements(trial -> trial.statements.finds()),
                    statements(trial -> trial.statements.inserts()),
                    statements(trial -> trial.statements.others()),
                    differing(),
                    errors());
        }

        Map<String, Object> raw() {
            Map<String, Object> raw = new LinkedHashMap<>();
            raw.put("trouble", trouble);
            raw.put("way", way);
            raw.put("table", hasTable);
            raw.put("trials", trials.stream().map(TroubleTrial::raw).toList());
            return raw;
        }
    }
}
