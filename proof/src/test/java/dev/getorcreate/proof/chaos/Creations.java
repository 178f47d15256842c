package dev.getorcreate.proof.chaos;

import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.Stream;

/** How one key came to its row: rows, creator runs, and who was told CREATED (I1, I3, I7). */
final class Creations {

    private final KeyHistory key;
    private final boolean arbiter;
    private final boolean disturbed;
    /** As that, until those who ran a creator had their answers. */
    private final boolean toldDisturbed;

    private final List<Event> runs;
    private final Map<String, Long> toldCreated;

    Creations(KeyHistory key, boolean arbiter, Disturbances disturbances) {
        this.key = key;
        this.arbiter = arbiter;
        this.runs = key.runs(arbiter);
        this.toldCreated = key.of(Event.Kind.ANSWER)
                .filter(answer -> key.callOf(answer).at() < key.runsUntil(arbiter))
                .filter(answer -> answer.detail().startsWith("CREATED "))
                .collect(Collectors.groupingBy(
                        answer -> answer.detail().substring("CREATED ".length()), Collectors.counting()));
        long from = key.events().isEmpty() ? 0 : key.events().get(0).at();
        long to = end();
        this.disturbed = disturbances.touch(from, to, key.callersBy(to));
        long told = Math.max(to, told());
        this.toldDisturbed = killedBeforeTold() || disturbances.touch(from, told, key.callersBy(to));
    }

    /** In a process that lives on, a call without an end is a violation of its own. */
    private boolean killedBeforeTold() {
        return key.unanswered().stream()
                .anyMatch(call -> runs.stream().anyMatch(run -> run.sameProcess(call) && run.call() == call.call()));
    }

    /** When the last of those who ran a creator was told how it went. */
    private long told() {
        return Stream.of(Event.Kind.ANSWER, Event.Kind.ERROR)
                .flatMap(key::of)
                .filter(end -> runs.stream().anyMatch(run -> run.sameProcess(end) && run.call() == end.call()))
                .mapToLong(Event::at)
                .max()
                .orElse(0);
    }

    /** The key's window: from its first call to the last end of a creator run, or of its inserts. */
    private long end() {
        long end = 0;
        for (Event run : runs) {
            Event ended = key.endOf(run);
            end = Math.max(end, ended == null ? run.at() : ended.at());
        }
        if (arbiter || key.rows().size() > 1) {
            end = Math.max(
                    end, key.of(Event.Kind.INSERTED).mapToLong(Event::at).max().orElse(end));
        }
        return end;
    }

    /** Whether a fault could have had to do with it. */
    boolean disturbed() {
        return disturbed;
    }

    int runs() {
        return runs.size();
    }

    int duplicates() {
        return Math.max(0, key.rows().size() - 1);
    }

    /** Whether callers of several processes had begun before the row was committed. */
    boolean contested() {
        if (key.rows().isEmpty()) {
            return false;
        }
        long inserting = key.insertingAt(key.rows().get(0).identity());
        return inserting >= 0 && key.callersBy(inserting).size() > 1;
    }

    void check(Consumer<Violation> found) {
        if (duplicates() > 0 && (arbiter || !disturbed)) {
            found.accept(of(Violation.Kind.DUPLICATE, "its rows are " + key.rows()));
        }
        toldCreated.forEach((value, times) -> {
            if (times > 1 && (arbiter || !disturbed)) {
                found.accept(of(
                        Violation.Kind.NOT_ONE_CREATED, times + " callers were told that they had created " + value));
            }
        });
        if (disturbed || key.rows().isEmpty()) {
            return;
        }
        if (runs.size() != 1) {
            found.accept(of(
                    Violation.Kind.EXTRA_CREATOR_RUN,
                    runs.size() + " creator runs instead of one, and nothing was disturbed"));
        }
        if (toldCreated.isEmpty() && !toldDisturbed) {
            found.accept(of(
                    Violation.Kind.NOT_ONE_CREATED,
                    "nobody was told that he had created it, and nothing was disturbed"));
        }
    }

    private Violation of(Violation.Kind kind, String what) {
        return new Violation(kind, key.key(), end(), what);
    }
}
