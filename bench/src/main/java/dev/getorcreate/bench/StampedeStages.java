package dev.getorcreate.bench;

import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Where the time beyond the creator goes. A process whose creator ran later than another's counts among the others. */
final class StampedeStages {

    /** From the moment at which all ask to the first creator. */
    private final Samples before = new Samples();
    /** From that creator's end to the answers in its process. */
    private final Samples own = new Samples();
    /** From that creator's end to the answers in other processes. */
    private final Samples others = new Samples();

    @SuppressWarnings("ReferenceEquality") // of one list
    StampedeStages(List<StampedePart> processes, long creatorNanos) {
        int keys = processes.stream().mapToInt(StampedePart::keys).min().orElseThrow();
        for (int key = 0; key < keys; key++) {
            StampedePart first = first(processes, key);
            if (first != null) {
                long begun = first.begun()[key];
                before.add(begun);
                for (StampedePart process : processes) {
                    addAnswers(process == first ? own : others, process, key, begun + creatorNanos);
                }
            }
        }
    }

    private static void addAnswers(Samples to, StampedePart process, int key, long end) {
        int threads = process.threads();
        for (int thread = 0; thread < threads; thread++) {
            long answered = process.answered()[key * threads + thread];
            if (answered != StampedePart.FAILED) {
                to.add(answered - end);
            }
        }
    }

    private static @Nullable StampedePart first(List<StampedePart> processes, int key) {
        StampedePart first = null;
        for (StampedePart process : processes) {
            long begun = process.begun()[key];
            if (begun > 0 && (first == null || begun < first.begun()[key])) {
                first = process;
            }
        }
        return first;
    }

    /** For the raw data. */
    Map<String, Double> raw() {
        return Map.of(
                "untilTheCreatorBeginsMillis", beforeMillis(),
                "toItsProcessesAnswersMillis", ownMillis(),
                "toTheOthersAnswersMillis", othersMillis());
    }

    double beforeMillis() {
        return before.median();
    }

    double ownMillis() {
        return own.median();
    }

    double othersMillis() {
        return others.median();
    }
}
