package dev.getorcreate.testkit.interleavings;

import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** Whether a run may be as it was. */
final class Verdicts {

    private Verdicts() {}

    /** Why not; null: it may. */
    static @Nullable String of(Run run, Setup setup, Run.End end, List<String> faults, Check check) {
        for (Actor actor : run.actors) {
            if (actor.thrown != null) {
                throw new IllegalStateException(actor.name + " failed while it was explored", actor.thrown);
            }
        }
        if (end == Run.End.DEADLOCK) {
            return "deadlock: " + waiting(run) + ", and nobody will do anything about it";
        }
        if (end == Run.End.LIVELOCK) {
            return "livelock: no end after " + run.events.size() + " steps";
        }
        for (Setup.Caller caller : setup.callers().values()) {
            Throwable thrown = caller.answer().thrown;
            if (thrown != null && !caller.mayFail()) {
                return caller.name() + " failed: " + thrown;
            }
        }
        try {
            check.check(new Result(run, setup, faults));
            return null;
        } catch (Exception | AssertionError e) {
            return e.getMessage() == null ? e.toString() : e.getMessage();
        }
    }

    private static String waiting(Run run) {
        return run.actors.stream()
                .filter(actor -> !actor.done && actor.role == Actor.Role.CALLER)
                .map(actor -> actor.name + " waits")
                .collect(Collectors.joining(", "));
    }
}
