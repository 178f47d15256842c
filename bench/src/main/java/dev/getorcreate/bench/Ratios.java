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

    /** A turn without a call, or without a figure, gives 0, infinity, or none. */
    private static boolean isMeasured(Spread spread) {
        return spread.least() > 0 && Double.isFinite(spread.greatest());
    }
}
