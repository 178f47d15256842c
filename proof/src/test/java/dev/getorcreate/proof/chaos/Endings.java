package dev.getorcreate.proof.chaos;

import java.util.HashSet;
import java.util.Set;
import java.util.function.Consumer;

/** Whether calls, and the processes that made them, came to an end (I6). */
final class Endings {

    private final History history;
    /** Processes of which a call hangs, by {@link Event#who()}. */
    private final Set<String> hanging = new HashSet<>();

    Endings(History history) {
        this.history = history;
    }

    /** A process that was killed took its callers with it; one that lived on, and be it without an end, should answer. */
    void check(KeyHistory key, Consumer<Violation> found) {
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
