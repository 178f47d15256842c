package dev.getorcreate.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.stream.DoubleStream;

/**
 * One figure of several rounds.
 *
 * @param lower at least three quarters of the rounds are this or more
 * @param upper at least three quarters of the rounds are this or less
 */
record Spread(double median, double least, double greatest, double lower, double upper) {

    static Spread of(List<Double> rounds) {
        List<Double> sorted = rounds.stream().sorted().toList();
        int size = sorted.size();
        int half = size / 2;
        double median = size % 2 == 1 ? sorted.get(half) : (sorted.get(half - 1) + sorted.get(half)) / 2;
        return new Spread(
                median, sorted.get(0), sorted.get(size - 1), sorted.get(size / 4), sorted.get(size - 1 - size / 4));
    }

    static Spread of(DoubleStream rounds) {
        return of(rounds.boxed().toList());
    }

    /** Median, least and greatest, by a format such as {@code %.1f}. */
    String text(String format) {
        return String.format(Locale.ROOT, format + " (" + format + " to " + format + ")", median, least, greatest);
    }

    /** Of ratios, into a RESULT: the median by this name, and the rest with what it is behind that. */
    void put(Map<String, Object> result, String name) {
        if (!isMeasured()) {
            result.put(name, Results.NOT_MEASURED);
            return;
        }
        result.put(name, Results.rounded(median));
        result.put(name + "Least", Results.rounded(least));
        result.put(name + "Greatest", Results.rounded(greatest));
        result.put(name + "LowerQuartile", Results.rounded(lower));
        result.put(name + "UpperQuartile", Results.rounded(upper));
    }

    /** What {@link #put} put; no numbers where that was none. */
    static Spread told(Map<String, Object> result, String name) {
        return new Spread(
                number(result, name),
                number(result, name + "Least"),
                number(result, name + "Greatest"),
                number(result, name + "LowerQuartile"),
                number(result, name + "UpperQuartile"));
    }

    private static double number(Map<String, Object> result, String name) {
        return result.get(name) instanceof Number number ? number.doubleValue() : Double.NaN;
    }

    /** A turn without a call, or without a figure, gives 0, infinity, or none. */
    boolean isMeasured() {
        return least > 0 && Double.isFinite(greatest);
    }
}
