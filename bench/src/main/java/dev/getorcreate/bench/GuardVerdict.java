package dev.getorcreate.bench;

import java.util.Locale;

/**
 * How a ratio of one run stands to its reference. It is worse if at least three quarters of the rounds are, by more than the
 * margin: on a machine that does other things too a median is, every other day, and some round always has luck.
 *
 * @param moreIsBetter as of a throughput; of all else less is
 * @param was the reference; none: it is no number
 */
record GuardVerdict(String name, boolean moreIsBetter, Spread now, double was, double margin) {

    boolean isMeasured() {
        return now.isMeasured() && was > 0;
    }

    /** How many times as slow as it was three quarters of the rounds are at least. */
    private double slower() {
        return moreIsBetter ? was / now.upper() : now.lower() / was;
    }

    boolean isWorse() {
        return slower() > 1 + margin;
    }

    /** For whoever looks at the guard's output. */
    String line() {
        if (!isMeasured()) {
            return String.format(
                    Locale.ROOT,
                    "guard: %s: NOT MEASURED: now %s, was %s",
                    name,
                    Results.rounded(now.median()),
                    Results.rounded(was));
        }
        return String.format(
                Locale.ROOT,
                "guard: %s %.2f (%.2f to %.2f), was %.2f (three rounds of four at %+.0f %% or worse, margin %.0f %%%s): %s",
                name,
                now.median(),
                now.least(),
                now.greatest(),
                was,
                (slower() - 1) * 100,
                margin * 100,
                isWorse() ? "" : String.format(Locale.ROOT, "; reported from %.0f %% slower on", seenFrom()),
                isWorse() ? "WORSE" : "ok");
    }

    /** The least slow-down, in percent of what was measured now, by which three rounds of four would be beyond the margin. */
    private double seenFrom() {
        return ((1 + margin) / slower() - 1) * 100;
    }

    /** Refuses to be what later runs are compared with. */
    void requireFit() {
        if (!now.isMeasured()) {
            throw new IllegalStateException(name + " was not measured: the reference stays as it is");
        }
        double apart = now.upper() / now.lower() - 1;
        if (apart > margin) {
            throw new IllegalStateException(String.format(
                    Locale.ROOT,
                    "%s: even the middle half of its rounds is %.0f %% apart (%.2f to %.2f), more than the margin of %.0f %%,"
                            + " which could not be seen beside that: the reference stays as it is. Write it on a quieter"
                            + " machine",
                    name,
                    apart * 100,
                    now.lower(),
                    now.upper(),
                    margin * 100));
        }
    }
}
