package dev.getorcreate.proof.chaos;

import java.util.List;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** What one key's callers were told, against its rows (I2), and the errors that they got. */
final class Answers {

    private final KeyHistory key;
    private final boolean arbiter;
    private final Disturbances disturbances;

    Answers(KeyHistory key, boolean arbiter, Disturbances disturbances) {
        this.key = key;
        this.arbiter = arbiter;
        this.disturbances = disturbances;
    }

    void check(Consumer<Violation> found) {
        key.of(Event.Kind.ANSWER).forEach(answer -> {
            String wrong = whyWrong(answer);
            if (wrong != null) {
                found.accept(new Violation(
                        Violation.Kind.WRONG_ANSWER,
                        key.key(),
                        answer.at(),
                        answer.who() + " was told " + answer.detail() + ": " + wrong));
            }
        });
        key.of(Event.Kind.ERROR).filter(error -> !isExplained(error)).forEach(error -> {
            found.accept(new Violation(
                    Violation.Kind.CALLER_ERROR, key.key(), error.at(), error.who() + " got " + error.detail()));
        });
        if (arbiter) {
            checkNone(found);
        }
    }

    /**
     * No run deletes a row, and what tells of one is written when it is committed: whoever calls later must not be told that
     * there is none. Without an arbiter there is one only in the shared store, which may forget it.
     */
    private void checkNone(Consumer<Violation> found) {
        long there = Stream.of(Event.Kind.INSERTED, Event.Kind.COMMITTED)
                .flatMap(key::of)
                .mapToLong(Event::at)
                .min()
                .orElse(Long.MAX_VALUE);
        key.of(Event.Kind.EMPTY).filter(none -> there < key.callOf(none).at()).forEach(none -> {
            long late = key.callOf(none).at() - there;
            found.accept(new Violation(
                    Violation.Kind.WRONG_ANSWER,
                    key.key(),
                    none.at(),
                    none.who() + " was told that there is none, by a call that began " + late / 1000
                            + " us after the row was there"));
        });
    }

    private @Nullable String whyWrong(Event answer) {
        Value value = Value.parse(answer.detail().substring(answer.detail().indexOf(' ') + 1));
        if (value == null || !value.key().equals(key.key())) {
            return "that is no record of this key";
        }
        List<Value> rows = key.rows();
        Value row = rows.stream()
                .filter(each -> each.identity().equals(value.identity()))
                .findFirst()
                .orElse(null);
        if (row == null) {
            return "no such row was committed; there are " + rows;
        }
        if (value.version() < 1 || value.version() > row.version()) {
            return "the row's versions end with " + row.version();
        }
        return isFromTheFuture(value, answer.at()) ? "that version was made after it was answered" : null;
    }

    private boolean isFromTheFuture(Value value, long answeredAt) {
        return key.of(Event.Kind.COMMITTED)
                .filter(commit -> commit.detail().equals(value.toString()))
                .anyMatch(commit -> key.of(Event.Kind.CHANGING)
                        .filter(change -> change.sameProcess(commit) && change.call() == commit.call())
                        .anyMatch(change -> change.at() > answeredAt));
    }

    /** With an arbiter no fault of a run excuses one: the database is always there. Without one the promise is less. */
    private boolean isExplained(Event error) {
        return !arbiter && disturbances.touch(key.callOf(error).at(), error.at(), key.callersBy(error.at()));
    }
}
