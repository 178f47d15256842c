package dev.getorcreate.bench;

import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Says whether a ratio to Caffeine or to a raw {@code GET}, measured in one run, got worse than a reference by more than
 * its margin, and that in each of the run's rounds. It reports and never fails: on a machine that does other things too, speed proves nothing.
 */
final class Guard {

    private static final String LOCAL = "LocalHit";
    private static final String SHARED = "SharedHit";
    /** Of all others, less is better. */
    private static final String MORE_IS_BETTER = "sharedThroughputRatio";

    private static final Map<String, List<String>> WATCHED = Map.of(
            LOCAL, List.of("localHitRatio"),
            SHARED, List.of("sharedHitRatio", MORE_IS_BETTER, "sharedClientCpuRatio"));

    private final GuardReference reference;
    private final Map<String, Object> measured = new LinkedHashMap<>();
    private final List<String> worse = new ArrayList<>();
    private final List<String> notMeasured = new ArrayList<>();

    private Guard(GuardReference reference) {
        this.reference = reference;
    }

    /** {@code --write}: what is measured now becomes the reference. {@code --only LocalHit|SharedHit}: that part. */
    public static void main(String[] args) throws RunnerException, IOException {
        Quiet.logs();
        Arguments given = new Arguments(args);
        boolean writing = given.flag("--write");
        List<String> parts = given.some("--only", List.of(LOCAL, SHARED));
        given.end();
        Guard guard = new Guard(GuardReference.read());
        guard.measure(parts);
        List<String> watched = parts.stream()
                .flatMap(part -> WATCHED.getOrDefault(part, List.of()).stream())
                .toList();
        if (writing) {
            guard.write(parts, watched);
        }
        System.out.println();
        watched.forEach(guard::judge);
        Results.print(guard.result(watched));
    }

    /** Under names of its own: a whole run's raw data and pictures stay. */
    private void measure(List<String> parts) throws RunnerException {
        if (parts.contains(LOCAL)) {
            // Not the quick form's iterations: on a busy machine the compilers are not done when those begin to count.
            measured.putAll(LocalHitRounds.run(
                    "Guard-" + LOCAL,
                    "--quick",
                    "--millis",
                    "1000",
                    "--threads",
                    "1",
                    "--contenders",
                    "caffeineExpiringWithStats,ours"));
        }
        if (parts.contains(SHARED)) {
            measured.putAll(SharedHit.run(
                    "Guard-" + SHARED,
                    "--quick",
                    "--contenders",
                    "lettuceGet,ours",
                    "--sizes",
                    "100",
                    "--rounds",
                    "9"));
        }
    }

    /** Prints a line for the ratio. */
    private void judge(String name) {
        double least = number(name + "Least");
        double greatest = number(name + "Greatest");
        double was = reference.ratio(name);
        if (!(least > 0 && greatest > 0 && was > 0)) {
            notMeasured.add(name);
            System.out.printf(
                    "guard: %s: NOT MEASURED: now %s, was %s%n",
                    name, measured.get(name), was > 0 ? was : Results.NOT_MEASURED);
            return;
        }
        // How many times as slow as it was, in the best round.
        double slower = name.equals(MORE_IS_BETTER) ? was / greatest : least / was;
        double margin = reference.margin();
        boolean isWorse = slower > 1 + margin;
        if (isWorse) {
            worse.add(name);
        }
        System.out.printf(
                Locale.ROOT,
                "guard: %s %.2f (%.2f to %.2f), was %.2f (at best %+.0f %%, margin %.0f %%%s): %s%n",
                name,
                number(name),
                least,
                greatest,
                was,
                (slower - 1) * 100,
                margin * 100,
                isWorse ? "" : String.format(Locale.ROOT, "; reported from %.0f %% slower on", atLeast(slower, margin)),
                isWorse ? "WORSE" : "ok");
    }

    /** The least slow-down, in percent of what was measured now, by which each round would be beyond the margin. */
    private static double atLeast(double slower, double margin) {
        return ((1 + margin) / slower - 1) * 100;
    }

    private Map<String, Object> result(List<String> watched) {
        Map<String, Object> result = new LinkedHashMap<>();
        measured.forEach((name, value) -> {
            if (watched.stream().anyMatch(each -> List.of(each, each + "Least", each + "Greatest")
                    .contains(name))) {
                result.put(name, value);
            }
        });
        result.put("guardWorse", worse);
        result.put("guardNotMeasured", notMeasured);
        return result;
    }

    /** No number: it was not measured. */
    private double number(String name) {
        return measured.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    private void write(List<String> parts, List<String> watched) throws IOException {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (String name : watched) {
            if (!(number(name) > 0)) {
                throw new IllegalStateException(name + " was not measured: the reference stays as it is");
            }
            ratios.put(name, number(name));
        }
        reference.replace(parts, ratios);
    }
}
