package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Local entries of several processes: how soon an invalidation reaches the others, and how old the oldest stale answer is
 * of one whose connection breaks around it. Ends with status 1 if an answer was older than {@code maxStaleness}.
 */
final class Coherence {

    /** For a thread that is not given a processor between reading the clock and asking. */
    private static final double SLACK_MILLIS = 50;

    private Coherence() {}

    /** {@code [--quick] [--topology standalone,cluster] [--rounds N] [--trials N]}. */
    public static void main(String[] args) throws InterruptedException {
        Quiet.logs();
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        List<String> topologies = given.some("--topology", List.of(Site.STANDALONE, Site.CLUSTER));
        int rounds = given.count("--rounds", quick ? 200 : 1000);
        int trials = given.count("--trials", quick ? 2 : 10);
        given.end();
        List<Propagation> propagations = new ArrayList<>();
        List<List<StaleAge>> ages = new ArrayList<>();
        String before = Machine.load();
        for (String topology : topologies) {
            try (Site site = Site.start(topology)) {
                System.err.println(topology + ": propagation");
                propagations.add(Propagation.measure(site, rounds));
                ages.add(StaleAge.measure(site, trials));
            }
        }
        System.out.printf("%nAt the start: %s.%nAt the end: %s.%n%n", before, Machine.load());
        print(propagations, ages);
        long beyond = ages.stream().mapToLong(Coherence::beyond).sum();
        Map<String, Object> result = result(topologies, propagations, ages);
        write(before, result, propagations, ages);
        Results.print(result);
        if (beyond > 0) {
            System.exit(1);
        }
    }

    private static void write(
            String before, Map<String, Object> result, List<Propagation> propagations, List<List<StaleAge>> ages) {
        Map<String, Object> raw = new LinkedHashMap<>();
        raw.put("machineAtTheStart", before);
        raw.put("result", result);
        raw.put("propagation", propagations.stream().map(Propagation::raw).toList());
        raw.put("stale", ages.stream().flatMap(List::stream).map(StaleAge::raw).toList());
        Results.write("Coherence", raw);
        Results.write(
                "Coherence.svg",
                Chart.bars(
                        "From an invalidation until others no longer answer from their entry",
                        "milliseconds",
                        "rounds",
                        propagations.stream().flatMap(Propagation::bars).toList()));
    }

    private static void print(List<Propagation> propagations, List<List<StaleAge>> ages) {
        System.out.println(
                "| topology | an invalidation, read by three other processes | samples | p50 ms | p99 ms | max ms |");
        System.out.println("|---|---|---|---|---|---|");
        propagations.forEach(Propagation::print);
        System.out.printf(
                "%nAge of the last stale answer, by the moment before its call; bound %d ms, slack %.0f ms.%n%n",
                StaleAge.MAX_STALENESS.toMillis(), SLACK_MILLIS);
        System.out.println(
                "| topology | the reader's connection | trials | from confirmed p50 ms | max ms | from the call p50 ms"
                        + " | max ms | errors of the reader's calls |");
        System.out.println("|---|---|---|---|---|---|---|---|");
        ages.forEach(each -> each.forEach(StaleAge::print));
        System.out.println();
    }

    private static double bound() {
        return StaleAge.MAX_STALENESS.toMillis() + SLACK_MILLIS;
    }

    private static long beyond(List<StaleAge> ages) {
        return ages.stream()
                .mapToLong(each -> each.fromConfirmed.beyond(bound()))
                .sum();
    }

    private static double oldest(List<StaleAge> ages, boolean cut) {
        return ages.stream()
                .filter(each -> (each.fault == StaleAge.Fault.CUT) == cut)
                .mapToDouble(each -> each.fromConfirmed.max())
                .max()
                .orElse(Double.NaN);
    }

    private static Map<String, Object> result(
            List<String> topologies, List<Propagation> propagations, List<List<StaleAge>> ages) {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("maxStalenessMillis", StaleAge.MAX_STALENESS.toMillis());
        for (int i = 0; i < topologies.size(); i++) {
            Map<String, Object> each = new LinkedHashMap<>(propagations.get(i).result());
            each.put("staleAfterCutMaxMillis", Results.rounded(oldest(ages.get(i), true)));
            each.put("staleAfterBlackHoleMaxMillis", Results.rounded(oldest(ages.get(i), false)));
            each.put("staleBeyondBound", beyond(ages.get(i)));
            each.put(
                    "readerErrors",
                    ages.get(i).stream().mapToInt(age -> age.errors.sum()).sum());
            result.put(topologies.get(i), each);
        }
        return result;
    }
}
