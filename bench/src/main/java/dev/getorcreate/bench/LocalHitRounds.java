package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.ToDoubleFunction;
import java.util.stream.IntStream;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.Result;
import org.openjdk.jmh.results.RunResult;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;
import org.openjdk.jmh.runner.options.VerboseMode;

/** Runs {@link LocalHit} in rounds: of each contender one fork, then the next round. A ratio is of one round. */
final class LocalHitRounds {

    private static final String CAFFEINE = "caffeineExpiringWithStats";
    private static final String OURS = "ours";

    /** In the order of the table; ratios are to the first. */
    private static final List<String> NAMES = List.of(
            CAFFEINE,
            OURS,
            "oursCoarse",
            "oursAlone",
            "caffeinePlain",
            "springCaffeine",
            "jetCacheLocal",
            "redissonLocalCachedMap",
            "redissonObjectKeys");

    /** What the table says of who stands there more than once. */
    private static final Map<String, String> CONFIGURED = Map.of(
            "redissonLocalCachedMap", " (provider CAFFEINE: each hit encodes and hashes its key)",
            "redissonObjectKeys", " (provider REDISSON, useObjectAsCacheKey)");

    /** This library, and what the RESULT calls it. */
    private static final Map<String, String> OWN = Map.of(OURS, "", "oursCoarse", "Coarse", "oursAlone", "Alone");

    private static final String ALLOCATED = "gc.alloc.rate.norm";

    /** One fork. */
    private record Fork(double nanos, double bytes, MachineShare processors) {}

    private final List<String> contenders;
    private final int rounds;
    private final int iterations;
    private final int millis;

    private LocalHitRounds(Arguments given) {
        boolean quick = given.flag("--quick");
        contenders = given.some("--contenders", NAMES);
        rounds = given.count("--rounds", quick ? 3 : 5);
        iterations = quick ? 2 : 4;
        millis = given.count("--millis", quick ? 300 : 1000);
    }

    public static void main(String[] args) throws RunnerException {
        Quiet.logs();
        Results.print(run("LocalHit", args));
    }

    /**
     * The ratios of our hits to Caffeine's, after the tables were printed.
     *
     * @param as names the raw data and the picture
     */
    static Map<String, Object> run(String as, String... args) throws RunnerException {
        Arguments given = new Arguments(args);
        LocalHitRounds bench = new LocalHitRounds(given);
        List<Integer> threads = given.counts("--threads", "1,2");
        given.end();
        String before = Machine.load();
        Map<Integer, Map<String, List<Fork>>> measured = new LinkedHashMap<>();
        for (int count : threads) {
            Map<String, List<Fork>> forks = new LinkedHashMap<>();
            measured.put(count, forks);
            bench.run(count, forks, () -> Results.soFar(as, raw(before, Map.of(), measured)));
        }
        System.out.printf(
                "%nMedians of %d rounds of %d iterations of %d ms, in parentheses the least and the greatest. At the"
                        + " start: %s. At the end: %s. %s%n",
                bench.rounds,
                bench.iterations,
                bench.millis,
                before,
                Machine.load(),
                MachineShare.text(measured.values().stream()
                        .flatMap(forks -> forks.values().stream())
                        .flatMap(List::stream)
                        .map(Fork::processors)));
        Map<String, Object> result = new LinkedHashMap<>();
        measured.forEach((count, forks) -> {
            bench.print(count, forks);
            bench.ratios(count, forks, result);
        });
        Results.write(as, raw(before, result, measured));
        Map<String, List<Fork>> first = Objects.requireNonNull(measured.get(threads.get(0)));
        Results.write(
                as + ".svg",
                Chart.bars(
                        "A local hit: " + threads.get(0) + " thread",
                        "nanoseconds",
                        bench.contenders.stream()
                                .map(each -> new Chart.Bar(each, of(first, each, Fork::nanos)))
                                .toList()));
        return result;
    }

    private static Map<String, Object> raw(
            String before, Map<String, Object> result, Map<Integer, Map<String, List<Fork>>> measured) {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("machineAtTheStart", before);
        raw.put("result", result);
        raw.put("measured", measured);
        return raw;
    }

    private void run(int threads, Map<String, List<Fork>> forks, Runnable afterEachRound) throws RunnerException {
        contenders.forEach(contender -> forks.put(contender, new ArrayList<>()));
        for (int round = 0; round < rounds; round++) {
            for (int place = 0; place < contenders.size(); place++) {
                String contender = contenders.get((round + place) % contenders.size());
                Objects.requireNonNull(forks.get(contender)).add(fork(contender, threads));
            }
            System.out.printf("local hit, %d threads: round %d of %d%n", threads, round + 1, rounds);
            afterEachRound.run();
        }
    }

    private Fork fork(String contender, int threads) throws RunnerException {
        MachineTimes before = MachineTimes.now();
        RunResult result = new Runner(new OptionsBuilder()
                        .include("\\.LocalHit\\." + contender + "$")
                        .threads(threads)
                        .forks(1)
                        .warmupIterations(iterations)
                        .warmupTime(TimeValue.milliseconds(millis))
                        .measurementIterations(iterations)
                        .measurementTime(TimeValue.milliseconds(millis))
                        .addProfiler(GCProfiler.class)
                        .shouldFailOnError(true)
                        .verbosity(VerboseMode.SILENT)
                        .build())
                .runSingle();
        Result<?> allocated = result.getSecondaryResults().get(ALLOCATED);
        return new Fork(
                result.getPrimaryResult().getScore(),
                allocated == null ? Double.NaN : allocated.getScore(),
                MachineTimes.now().since(before));
    }

    private void print(int threads, Map<String, List<Fork>> forks) {
        System.out.printf(
                "%nA local hit, %d thread%s:%n%n| contender | ns | x %s | bytes allocated |%n",
                threads, threads == 1 ? "" : "s", contenders.get(0));
        System.out.println("|---|---|---|---|");
        for (String contender : contenders) {
            System.out.printf(
                    "| %s | %s | %s | %s |%n",
                    contender + CONFIGURED.getOrDefault(contender, ""),
                    of(forks, contender, Fork::nanos).text("%.1f"),
                    ratio(forks, contender, contenders.get(0)).text("%.2f"),
                    of(forks, contender, Fork::bytes).text("%.1f"));
        }
    }

    /** Ours beside Caffeine with the same promises, and the rivals beside ours. */
    private void ratios(int threads, Map<String, List<Fork>> forks, Map<String, Object> result) {
        String suffix = threads == 1 ? "" : threads + "Threads";
        if (contenders.contains(CAFFEINE)) {
            contenders.stream().filter(OWN::containsKey).forEach(own -> ratio(forks, own, CAFFEINE)
                    .put(result, "localHitRatio" + OWN.get(own) + suffix));
        }
        if (contenders.contains(OURS)) {
            result.put(
                    "localHitBytes" + suffix,
                    Results.rounded(of(forks, OURS, Fork::bytes).median()));
            contenders.stream()
                    .filter(each -> !each.equals(CAFFEINE) && !OWN.containsKey(each))
                    .forEach(rival -> ratio(forks, rival, OURS).put(result, rival + "HitTimesOurs" + suffix));
        }
    }

    private static Spread of(Map<String, List<Fork>> forks, String contender, ToDoubleFunction<Fork> figure) {
        return Spread.of(Objects.requireNonNull(forks.get(contender)).stream().mapToDouble(figure));
    }

    /** The one's nanoseconds beside the other's, round by round. */
    private Spread ratio(Map<String, List<Fork>> forks, String contender, String base) {
        List<Fork> own = Objects.requireNonNull(forks.get(contender));
        List<Fork> others = Objects.requireNonNull(forks.get(base));
        return Spread.of(IntStream.range(0, rounds)
                .mapToDouble(round -> own.get(round).nanos() / others.get(round).nanos()));
    }
}
