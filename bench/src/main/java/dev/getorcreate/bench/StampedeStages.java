package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Where the time beyond the creator goes. A process whose creator ran later than another's counts among the others. */
final class StampedeStages {

    /** From the moment at which all ask to the first creator. */
    private final List<Long> before = new ArrayList<>();
    /** From that creator's end to the answers in its process. */
    private final List<Long> own = new ArrayList<>();
    /** From that creator's end to the answers in other processes. */
    private final List<Long> others = new ArrayList<>();

    @SuppressWarnings("ReferenceEquality") // of one list
    void add(List<StampedeTurn> processes, long creatorNanos) {
        int keys = processes.get(0).begun().length;
        for (int key = 0; key < keys; key++) {
            StampedeTurn first = first(processes, key);
            if (first != null) {
                long begun = first.begun()[key];
                before.add(begun);
                for (StampedeTurn process : processes) {
                    List<Long> to = process == first ? own : others;
                    int threads = process.threads();
                    for (int thread = 0; thread < threads; thread++) {
                        to.add(process.answered()[key * threads + thread] - begun - creatorNanos);
                    }
                }
            }
        }
    }

    private static @Nullable StampedeTurn first(List<StampedeTurn> processes, int key) {
        StampedeTurn first = null;
        for (StampedeTurn process : processes) {
            long begun = process.begun()[key];
            if (begun > 0 && (first == null || begun < first.begun()[key])) {
                first = process;
            }
        }
        return first;
    }

    double beforeMillis() {
        return median(before);
    }

    double ownMillis() {
        return median(own);
    }

    double othersMillis() {
        return median(others);
    }

    private static double median(List<Long> nanos) {
        return nanos.isEmpty()
                ? Double.NaN
                : nanos.stream().sorted().skip(nanos.size() / 2).findFirst().orElseThrow() / 1e6;
    }
}
