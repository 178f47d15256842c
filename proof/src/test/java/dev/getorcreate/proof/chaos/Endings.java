package dev.getorcreate.proof.chaos;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Whether calls, and the processes that made them, came to an end, and in time (I6). */
final class Endings {

    private final History history;
    private final Disturbances disturbances;
    private final long longest;
    /** Processes of which a call hangs, by {@link Event#who()}. */
    private final Set<String> hanging = new HashSet<>();

    Endings(History history, Disturbances disturbances) {
        this.history = history;
        this.disturbances = disturbances;
        this.longest = history.facts().longestCall().toNanos();
    }

    void check(KeyHistory key, Consumer<Violation> found) {
        checkThatCallsEnded(key, found);
        key.events().stream().filter(event -> event.kind().endsItsCall()).forEach(end -> {
            long began = key.callOf(end).at();
            if (end.at() - began > longest) {
                checkThatItWasHeldUp(end, began, found);
            }
        });
    }

    /** Nothing counts that was done to other processes: how long one waits for them is bounded. */
    private void checkThatItWasHeldUp(Event end, long began, Consumer<Violation> found) {
        long heldUp = disturbances.nanosOf(end.process(), began, end.at());
        long took = end.at() - began - heldUp;
        if (took > longest) {
            found.accept(new Violation(
                    Violation.Kind.TOO_LATE,
                    end.key(),
                    end.at(),
                    "a call of " + end.who() + " took " + took / 1_000_000 + " ms, and was held up for "
                            + heldUp / 1_000_000 + " ms more; at most it may take " + longest / 1_000_000 + " ms"));
        }
    }

    /** A process that was killed took its callers with it; one that lived on, and be it without an end, should answer. */
    private void checkThatCallsEnded(KeyHistory key, Consumer<Violation> found) {
        for (Event call : key.unanswered()) {
            if (history.livedOn(call)) {
                hanging.add(call.who());
                found.accept(new Violation(
                        Violation.Kind.UNANSWERED, call.key(), call.at(), "a call of " + call.who() + " never ended"));
            }
        }
    }

    /** When all keys have been looked at: a process may also hang in what is no call, such as its close. */
    void checkProcesses(Consumer<Violation> found) {
        for (String who : history.overdue()) {
            if (!hanging.contains(who)) {
                found.accept(new Violation(
                        Violation.Kind.UNANSWERED,
                        Event.NO_KEY,
                        0,
                        who + " did not come to its end in time, though none of its calls is open"));
            }
        }
    }
}
