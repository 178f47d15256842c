package dev.getorcreate.examples.demo;

import dev.getorcreate.Source;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import tools.jackson.databind.json.JsonMapper;

/** The verdict, for people and for programs. */
final class Result {

    private final Options options;
    private final Figures naive;
    private final Figures cured;
    private final Figures claimOnly;

    Result(Options options, Figures naive, Figures cured, Figures claimOnly) {
        this.options = options;
        this.naive = naive;
        this.cured = cured;
        this.claimOnly = claimOnly;
    }

    /** What is not as it should be; empty if all is. */
    List<String> problems() {
        List<String> problems = new ArrayList<>();
        if (naive.duplicates() == 0) {
            problems.add("the naive run made no duplicate: nothing was shown");
        }
        if (naive.callerErrors() > 0) {
            problems.add("naive: " + naive.callerErrors() + " callers met an error");
        }
        problems.addAll(cured.problems());
        problems.addAll(claimOnly.problems());
        return problems;
    }

    String words() {
        if (!problems().isEmpty()) {
            return "Not as it should be:\n  " + String.join("\n  ", problems());
        }
        return String.format(
                Locale.ROOT,
                "The naive code made %s, one in %d creations, and no fault was needed for it.%n"
                        + "GetOrCreateCache made none in %,d creations, with a process killed, one frozen and Redis emptied;"
                        + "%nand none in %,d by the claim alone.",
                Figures.counted(naive.duplicates(), "duplicate row"),
                naive.oneIn(),
                cured.keys(),
                claimOnly.keys());
    }

    String json() {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("ok", problems().isEmpty());
        all.put("processes", options.processes());
        all.put("threads", options.threads());
        all.put("seconds", options.seconds());
        all.put("seed", options.seed());
        all.put("naive", object(naive));
        all.put("cured", object(cured));
        all.put("claimOnly", object(claimOnly));
        return JsonMapper.shared().writeValueAsString(all);
    }

    private static Map<String, Object> object(Figures run) {
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("requests", run.requests());
        all.put("keys", run.keys());
        all.put("rows", run.rows());
        all.put("duplicates", run.duplicates());
        all.put("oneDuplicateIn", run.oneIn());
        all.put("creatorRuns", run.creatorRuns());
        all.put("keysWithFaultInWindow", run.exempt());
        all.put("otherKeysNotOneRun", run.notOneRun().size());
        Map<String, Object> answers = new LinkedHashMap<>();
        for (Source source : Source.values()) {
            answers.put(source.name(), run.from(source));
        }
        all.put("answers", answers);
        all.put("wrongAnswers", run.wrongAnswers());
        all.put("rowsCreatedTwice", run.createdTwice());
        all.put("callerErrors", run.callerErrors());
        all.put("redisCommandsPerKey", Math.round(run.commandsPerKey() * 100) / 100.0);
        all.put("hitMicros", micros(run.hit()));
        all.put("creationMicros", micros(run.creation()));
        if (run.served() >= 0) {
            all.put("killedKeyServedMillis", run.served() == Long.MAX_VALUE ? -1 : run.served() / 1_000_000);
        }
        return all;
    }

    private static Map<String, Object> micros(Percentiles times) {
        return Map.of("p50", times.at(0.5) / 1_000.0, "p99", times.at(0.99) / 1_000.0);
    }
}
