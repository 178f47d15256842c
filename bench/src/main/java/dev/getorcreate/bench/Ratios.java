package dev.getorcreate.bench;

import java.util.Map;

/** How a RESULT names a ratio and its spread. */
final class Ratios {

    static final String NOT_MEASURED = "not measured";

    private Ratios() {}

    static void put(Map<String, Object> result, String name, Spread spread) {
        if (!isMeasured(spread)) {
            result.put(name, NOT_MEASURED);
            return;
        }
        result.put(name, Results.rounded(spread.median()));
        result.put(name + "Least", Results.rounded(spread.least()));
        result.put(name + "Greatest", Results.rounded(spread.greatest()));
    }

    /** As it stands in a RESULT; what is no number would be rounded to 0. */
    static Object told(double ratio) {
        return Double.isFinite(ratio) ? Results.rounded(ratio) : NOT_MEASURED;
    }

    /** A turn without a call, or without a figure, gives 0, infinity, or none. */
    private static boolean isMeasured(Spread spread) {
        return spread.least() > 0 && Double.isFinite(spread.greatest());
    }
}
