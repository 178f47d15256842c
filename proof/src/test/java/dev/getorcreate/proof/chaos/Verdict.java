package dev.getorcreate.proof.chaos;

import java.util.LinkedHashMap;
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

    /** All numbers by name, and how the run was set up. */
    Map<String, Object> result() {
        Facts facts = history.facts();
        Map<String, Object> all = new LinkedHashMap<>();
        all.put("seed", facts.seed());
        all.put("topology", facts.topology());
        all.put("arbiter", facts.arbiter());
        all.put("creations", sums.creations);
        all.put("contested", sums.contested);
        all.put("undisturbed", sums.undisturbed);
        all.put("duplicates", count(Violation.Kind.DUPLICATE) + (facts.arbiter() ? sums.excusedDuplicates : 0));
        all.put("duplicatesInFaults", facts.arbiter() ? 0 : sums.excusedDuplicates);
        all.put("naiveDuplicates", history.naiveDuplicates());
        all.put("creatorRuns", sums.creatorRuns);
        all.put("extraCreatorRuns", count(Violation.Kind.EXTRA_CREATOR_RUN));
        all.put("notOneCreated", count(Violation.Kind.NOT_ONE_CREATED));
        all.put("answers", sums.answers);
        all.put("changes", sums.changes);
        all.put("staleBeyondBound", count(Violation.Kind.STALE));
        all.put("wrongAnswers", count(Violation.Kind.WRONG_ANSWER));
        all.put("callerErrors", count(Violation.Kind.CALLER_ERROR));
        all.put("unanswered", count(Violation.Kind.UNANSWERED));
        all.put("tooLate", count(Violation.Kind.TOO_LATE));
        all.put("violations", violations.size());
        all.put("faults", faults());
        return all;
    }

    /** One object in one line. */
    String json() {
        return Json.write(result());
    }
}
