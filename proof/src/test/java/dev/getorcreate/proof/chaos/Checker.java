package dev.getorcreate.proof.chaos;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/** Judges a history by the protocol's invariants. */
final class Checker {

    private final History history;
    private final List<Violation> violations = new ArrayList<>();

    private Checker(History history) {
        this.history = history;
    }

    static Verdict check(History history) {
        return new Checker(history).run();
    }

    private Verdict run() {
        boolean arbiter = history.facts().arbiter();
        Disturbances disturbances = new Disturbances(history);
        Verdict.Sums sums = new Verdict.Sums();
        keys().values().forEach(key -> {
            Creations creations = new Creations(key, arbiter, disturbances);
            creations.check(violations::add);
            new Answers(key, arbiter, disturbances).check(violations::add);
            new Freshness(key, history).check(violations::add);
            sums.add(key, creations);
        });
        checkThatCallsEnded();
        checkThatItProves(sums);
        return new Verdict(history, sums, List.copyOf(violations));
    }

    private Map<String, KeyHistory> keys() {
        Map<String, List<Event>> events = new HashMap<>();
        for (Event event : history.events()) {
            if (!event.key().equals(Event.NO_KEY)) {
                events.computeIfAbsent(event.key(), key -> new ArrayList<>()).add(event);
            }
        }
        Set<String> names = new TreeSet<>(events.keySet());
        names.addAll(history.rows().keySet());
        Map<String, KeyHistory> keys = new TreeMap<>();
        names.forEach(name ->
                keys.put(name, new KeyHistory(name, history.rowsOf(name), events.getOrDefault(name, List.of()))));
        return keys;
    }

    /** A process that was killed took its callers with it; one that said goodbye has answered them all. */
    private void checkThatCallsEnded() {
        Map<String, Map<Long, Event>> open = new TreeMap<>();
        Set<String> ended = new HashSet<>();
        for (Event event : history.events()) {
            String process = event.who();
            if (event.kind() == Event.Kind.CALL) {
                open.computeIfAbsent(process, who -> new TreeMap<>()).put(event.call(), event);
            } else if (event.kind().endsItsCall()) {
                open.getOrDefault(process, new HashMap<>()).remove(event.call());
            } else if (event.kind() == Event.Kind.BYE) {
                ended.add(process);
            }
        }
        open.forEach((process, calls) -> {
            if (ended.contains(process)) {
                calls.values()
                        .forEach(call -> violations.add(new Violation(
                                Violation.Kind.UNANSWERED,
                                call.key(),
                                call.at(),
                                "a call of " + process + " never ended")));
            }
        });
    }

    private void checkThatItProves(Verdict.Sums sums) {
        if (sums.contested == 0) {
            provesNothing("for no key did callers of two processes come before its row was committed");
        }
        if (sums.undisturbed == 0) {
            provesNothing("no key was created without a fault nearby, so creator runs could not be counted");
        }
        if (naiveDuplicates(history) == 0) {
            provesNothing("the naive control made no duplicate under the same load");
        }
    }

    private void provesNothing(String why) {
        violations.add(new Violation(Violation.Kind.PROVES_NOTHING, Event.NO_KEY, 0, why));
    }

    static long naiveDuplicates(History history) {
        return history.naiveRows().values().stream()
                .mapToLong(rows -> rows.size() - 1)
                .sum();
    }
}
