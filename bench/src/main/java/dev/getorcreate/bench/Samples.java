package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Durations that were measured, in nanoseconds; what is asked of them is in milliseconds. Not safe for several threads. */
final class Samples {

    private final List<Long> nanos = new ArrayList<>();

    void add(long duration) {
        nanos.add(duration);
    }

    int count() {
        return nanos.size();
    }

    /** Between two of them, the part of the way that the quantile says: of an even number the median is the middle. */
    double millis(double quantile) {
        if (nanos.isEmpty()) {
            return Double.NaN;
        }
        List<Long> sorted = nanos.stream().sorted().toList();
        double at = quantile * (sorted.size() - 1);
        long below = sorted.get((int) Math.floor(at));
        long above = sorted.get((int) Math.ceil(at));
        return (below + (at - Math.floor(at)) * (above - below)) / 1e6;
    }

    double median() {
        return millis(0.5);
    }

    double max() {
        return millis(1);
    }

    /** How many are longer than so many milliseconds. */
    long beyond(double millis) {
        return nanos.stream().filter(each -> each / 1e6 > millis).count();
    }

    /** Cells of a table: median, 99th percentile, greatest. */
    String cells() {
        return String.format(Locale.ROOT, "%.2f | %.2f | %.2f", median(), millis(0.99), max());
    }

    /** Cells of a table: median and greatest. */
    String medianAndMax() {
        return String.format(Locale.ROOT, "%.0f | %.0f", median(), max());
    }
}
