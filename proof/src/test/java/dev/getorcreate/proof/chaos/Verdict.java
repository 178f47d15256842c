package dev.getorcreate.proof.chaos;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** What came of a check. */
record Verdict(History history, Sums sums, List<Violation> violations) {

    /** Counted over all keys. */
    static final class Sums {
        long creations;
        long contested;
        long undisturbed;
        long creatorRuns;
        long excusedDuplicates;
        long answers;
        long changes;

        void add(KeyHistory key, Creations made) {
            creations += key.rows().isEmpty() ? 0 : 1;
            contested += made.contested() ? 1 : 0;
            undisturbed += made.disturbed() || made.runs() == 0 ? 0 : 1;
            creatorRuns += key.of(Event.Kind.CREATING).count();
            excusedDuplicates += made.disturbed() ? made.duplicates() : 0;
            answers += key.of(Event.Kind.ANSWER).count();
            changes += key.of(Event.Kind.COMMITTED).count();
        }
    }

    boolean isGood() {
        return violations.isEmpty();
    }

    long count(Violation.Kind kind) {
        return violations.stream().filter(violation -> violation.kind() == kind).count();
    }

    /** By kind, without the machine's own. */
    Map<String, Long> faults() {
        return history.faults().stream()
                .filter(fault -> !fault.kind().equals(Fault.STALL))
                .collect(Collectors.groupingBy(Fault::kind, TreeMap::new, Collectors.counting()));
    }

    /** One object in one line. */
    String json() {
        long duplicates = history.facts().arbiter()
                ? count(Violation.Kind.DUPLICATE) + sums.excusedDuplicates
                : count(Violation.Kind.DUPLICATE);
        String faults = faults().entrySet().stream()
                .map(entry -> "\"" + entry.getKey() + "\":" + entry.getValue())
                .collect(Collectors.joining(","));
        return "{\"seed\":" + history.facts().seed()
                + ",\"topology\":\"" + history.facts().topology() + "\""
                + ",\"arbiter\":" + history.facts().arbiter()
                + ",\"creations\":" + sums.creations
                + ",\"contested\":" + sums.contested
                + ",\"undisturbed\":" + sums.undisturbed
                + ",\"duplicates\":" + duplicates
                + ",\"duplicatesInFaults\":" + (history.facts().arbiter() ? 0 : sums.excusedDuplicates)
                + ",\"naiveDuplicates\":" + Checker.naiveDuplicates(history)
                + ",\"creatorRuns\":" + sums.creatorRuns
                + ",\"extraCreatorRuns\":" + count(Violation.Kind.EXTRA_CREATOR_RUN)
                + ",\"notOneCreated\":" + count(Violation.Kind.NOT_ONE_CREATED)
                + ",\"answers\":" + sums.answers
                + ",\"changes\":" + sums.changes
                + ",\"staleBeyondBound\":" + count(Violation.Kind.STALE)
                + ",\"wrongAnswers\":" + count(Violation.Kind.WRONG_ANSWER)
                + ",\"callerErrors\":" + count(Violation.Kind.CALLER_ERROR)
                + ",\"unanswered\":" + count(Violation.Kind.UNANSWERED)
                + ",\"faults\":{" + faults + "}}";
    }
}
