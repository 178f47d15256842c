package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/**
 * Local entries of several processes: how soon an invalidation reaches the others, and how old the oldest stale answer is
 * of one whose connection breaks around it. Ends with status 1 if an answer was older than {@code maxStaleness}.
 */
final class Coherence {

    /** For a thread that is not given a processor between reading the clock and asking. */
    private static final double SLACK_MILLIS = 50;

    private Coherence() {}

    /** {@code [--quick] [--topology standalone|cluster]}; both without. */
    public static void main(String[] args) throws InterruptedException {
        Quiet.logs();
        List<String> given = List.of(args);
        boolean quick = given.contains("--quick");
        int named = given.indexOf("--topology");
        if (named == given.size() - 1 && named >= 0) {
            throw new IllegalArgumentException(
                    "--topology needs a name: " + Site.STANDALONE + " or " + Site.CLUSTER + "; both without it");
        }
        List<String> topologies = named < 0 ? List.of(Site.STANDALONE, Site.CLUSTER) : List.of(given.get(named + 1));
        List<Propagation> propagations = new ArrayList<>();
        List<List<StaleAge>> ages = new ArrayList<>();
        String before = Machine.load();
        for (String topology : topologies) {
            try (Site site = Site.start(topology)) {
                System.out.println(topology + ": propagation");
                propagations.add(Propagation.measure(site, quick ? 200 : 1000));
                ages.add(StaleAge.measure(site, quick ? 2 : 10));
            }
        }
        System.out.printf("%nAt the start: %s.%nAt the end: %s.%n%n", before, Machine.load());
        print(propagations, ages);
        long beyond = ages.stream().mapToLong(Coherence::beyond).sum();
        System.out.println("RESULT " + result(topologies, propagations, ages));
        if (beyond > 0) {
            System.exit(1);
        }
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

    private static String result(List<String> topologies, List<Propagation> propagations, List<List<StaleAge>> ages) {
        List<String> parts = new ArrayList<>();
        for (int i = 0; i < topologies.size(); i++) {
            Propagation propagation = propagations.get(i);
            parts.add(String.format(
                    Locale.ROOT,
                    "\"%s\": {\"propagationP50Millis\": %.3f, \"propagationP99Millis\": %.3f,"
                            + " \"afterConfirmedP50Millis\": %.3f, \"afterConfirmedP99Millis\": %.3f,"
                            + " \"staleAfterCutMaxMillis\": %.1f, \"staleAfterBlackHoleMaxMillis\": %.1f,"
                            + " \"staleBeyondBound\": %d}",
                    topologies.get(i),
                    propagation.afterCall.median(),
                    propagation.afterCall.millis(0.99),
                    propagation.afterConfirmed.median(),
                    propagation.afterConfirmed.millis(0.99),
                    oldest(ages.get(i), true),
                    oldest(ages.get(i), false),
                    beyond(ages.get(i))));
        }
        return "{\"maxStalenessMillis\": " + StaleAge.MAX_STALENESS.toMillis() + ", " + String.join(", ", parts) + "}";
    }
}
