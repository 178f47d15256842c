package dev.getorcreate.proof.chaos;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** Judges a history by the protocol's invariants. */
final class Checker {

    private final History history;
    private final List<Violation> violations = new ArrayList<>();

    private Checker(History history) {
        this.history = history;
    }

    /** Reads what was written down once, key by key; what it needs of memory does not grow with it. */
    static Verdict check(History history) throws IOException {
        return new Checker(history).run();
    }

    private Verdict run() throws IOException {
        boolean arbiter = history.facts().arbiter();
        Disturbances disturbances = new Disturbances(history);
        Endings endings = new Endings(history, disturbances);
        Verdict.Sums sums = new Verdict.Sums();
        history.forEachKey(key -> {
            Creations creations = new Creations(key, arbiter, disturbances);
            creations.check(violations::add);
            new Answers(key, arbiter, disturbances).check(violations::add);
            new Freshness(key, history).check(violations::add);
            endings.check(key, violations::add);
            sums.add(key, creations);
        });
        endings.checkProcesses(violations::add);
        checkThatItProves(sums);
        return new Verdict(history, sums, List.copyOf(violations));
    }

    private void checkThatItProves(Verdict.Sums sums) {
        if (sums.contested == 0) {
            provesNothing("for no key did callers of two processes come before its row was committed");
        }
        if (sums.undisturbed == 0) {
            provesNothing("no key was created without a fault nearby, so creator runs could not be counted");
        }
        if (history.faults().stream().allMatch(fault -> fault.kind().equals(Fault.STALL))) {
            provesNothing("no fault was committed");
        }
        if (history.naiveDuplicates() == 0) {
            provesNothing("the naive control made no duplicate under the same load");
        }
    }

    private void provesNothing(String why) {
        violations.add(new Violation(Violation.Kind.PROVES_NOTHING, Event.NO_KEY, 0, why));
    }
}
