package dev.getorcreate.bench;

import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.openjdk.jmh.runner.RunnerException;

/**
 * Says whether a ratio to Caffeine or to a raw {@code GET}, measured in one run, got worse than a reference by more than
 * its margin, as {@link GuardVerdict} has it. It reports and never fails: on a machine that does other things too, speed proves nothing.
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
    private final List<String> watched;
    private final Map<String, Object> measured = new LinkedHashMap<>();
    /** By each part what the machine was doing before that was measured. */
    private final Map<String, String> loads = new LinkedHashMap<>();

    private Guard(GuardReference reference, List<String> parts) {
        this.reference = reference;
        this.watched = parts.stream()
                .flatMap(part -> WATCHED.getOrDefault(part, List.of()).stream())
                .toList();
    }

    /** {@code --write}: what is measured now becomes the reference. {@code --only LocalHit|SharedHit}: that part. */
    public static void main(String[] args) throws RunnerException, IOException {
        Quiet.logs();
        Arguments given = new Arguments(args);
        boolean writing = given.flag("--write");
        List<String> parts = given.some("--only", List.of(LOCAL, SHARED));
        given.end();
        Guard guard = new Guard(GuardReference.read(GuardReference.FILE), parts);
        guard.measure(parts);
        if (writing) {
            guard.write();
        }
        System.out.println();
        List<GuardVerdict> verdicts = guard.verdicts();
        verdicts.forEach(verdict -> System.out.println(verdict.line()));
        Results.print(guard.result(verdicts));
    }

    /** Under names of its own: a whole run's raw data and pictures stay. */
    private void measure(List<String> parts) throws RunnerException {
        if (parts.contains(LOCAL)) {
            loads.put(LOCAL, Machine.load());
            // Not the quick form's iterations: on a busy machine the compilers are not done when those begin to count.
            // Four
            // rounds are the fewest of which one may have luck.
            measured.putAll(LocalHitRounds.run(
                    "Guard-" + LOCAL,
                    "--quick",
                    "--millis",
                    "900",
                    "--rounds",
                    "4",
                    "--threads",
                    "1",
                    "--contenders",
                    "caffeineExpiringWithStats,ours"));
        }
        if (parts.contains(SHARED)) {
            loads.put(SHARED, Machine.load());
            measured.putAll(SharedHit.run(
                    "Guard-" + SHARED,
                    "--quick",
                    "--contenders",
                    "lettuceGet,ours",
                    "--sizes",
                    "100",
                    "--rounds",
                    "15",
                    "--millis",
                    "500"));
        }
    }

    private List<GuardVerdict> verdicts() {
        return watched.stream()
                .map(name -> new GuardVerdict(
                        name,
                        name.equals(MORE_IS_BETTER),
                        Spread.told(measured, name),
                        reference.ratio(name),
                        reference.margin()))
                .toList();
    }

    private Map<String, Object> result(List<GuardVerdict> verdicts) {
        Map<String, Object> result = new LinkedHashMap<>();
        verdicts.forEach(verdict -> verdict.now().put(result, verdict.name()));
        result.put(
                "guardWorse",
                names(verdicts.stream().filter(GuardVerdict::isMeasured).filter(GuardVerdict::isWorse)));
        result.put("guardNotMeasured", names(verdicts.stream().filter(verdict -> !verdict.isMeasured())));
        return result;
    }

    private static List<String> names(Stream<GuardVerdict> verdicts) {
        return verdicts.map(GuardVerdict::name).toList();
    }

    private void write() throws IOException {
        Map<String, Double> ratios = new LinkedHashMap<>();
        for (GuardVerdict verdict : verdicts()) {
            verdict.requireFit();
            ratios.put(verdict.name(), verdict.now().median());
        }
        reference.replace(loads, ratios);
    }
}
