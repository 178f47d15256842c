package dev.getorcreate.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/** One figure of several rounds. */
record Spread(double median, double least, double greatest) {

    static Spread of(List<Double> rounds) {
        List<Double> sorted = rounds.stream().sorted().toList();
        int half = sorted.size() / 2;
        double median = sorted.size() % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(median, sorted.get(0), sorted.get(sorted.size() - 1));
    }

    static Spread of(DoubleStream rounds) {
        return of(rounds.boxed().toList());
    }

    /** Median, least and greatest, by a format such as {@code %.1f}. */
    String text(String format) {
        return String.format(Locale.ROOT, format + " (" + format + " to " + format + ")", median, least, greatest);
    }

    /** Of ratios, into a RESULT, by this name and with {@code Least} and {@code Greatest} behind it. */
    void put(Map<String, Object> result, String name) {
        if (!isMeasured()) {
            result.put(name, Results.NOT_MEASURED);
            return;
        }
        result.put(name, Results.rounded(median));
        result.put(name + "Least", Results.rounded(least));
        result.put(name + "Greatest", Results.rounded(greatest));
    }

    /** A turn without a call, or without a figure, gives 0, infinity, or none. */
    private boolean isMeasured() {
        return least > 0 && Double.isFinite(greatest);
    }
}
