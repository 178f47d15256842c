package dev.getorcreate.bench;

import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.function.ToDoubleFunction;

/**
 * Whether what goes on for minutes stays as it is: the last quarter of them beside the second, by their medians. In the first
 * one caches still fill and compilers still compile.
 */
record MixedGrowth(double heap, double allocation) {

    /** With fewer, a quarter is no minute. */
    static final int LEAST_MINUTES = 4;

    private static final double BOUND = 1.10;

    static MixedGrowth of(List<Mixed.Turn> minutes) {
        return new MixedGrowth(growth(minutes, Mixed.Turn::heapMb), growth(minutes, Mixed.Turn::bytes));
    }

    private static double growth(List<Mixed.Turn> minutes, ToDoubleFunction<Mixed.Turn> figure) {
        int quarter = minutes.size() / 4;
        List<Mixed.Turn> second = minutes.subList(quarter, 2 * quarter);
        List<Mixed.Turn> last = minutes.subList(minutes.size() - quarter, minutes.size());
        return median(last, figure) / median(second, figure);
    }

    private static double median(List<Mixed.Turn> minutes, ToDoubleFunction<Mixed.Turn> figure) {
        return Spread.of(minutes.stream().mapToDouble(figure)).median();
    }

    /** What is no number does not hold. */
    boolean isFlat() {
        return heap <= BOUND && allocation <= BOUND;
    }

    void putInto(Map<String, Object> result) {
        result.put("heapGrowth", Results.rounded(heap));
        result.put("allocationGrowth", Results.rounded(allocation));
        result.put("flat", isFlat());
    }

    String text() {
        return String.format(
                Locale.ROOT,
                "The last quarter beside the second: heap after a collection %.3f, bytes allocated a call %.3f; the bound"
                        + " is %.2f for each: %s.",
                heap,
                allocation,
                BOUND,
                isFlat() ? "it holds" : "IT DOES NOT HOLD");
    }
}
