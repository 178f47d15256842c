package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.stream.Stream;

/**
 * Of a command line. Whoever has taken what it knows asks for {@link #end}. What a part cannot do is refused where it is
 * taken, before anything is started.
 */
final class Arguments {

    private final List<String> left;
    private final List<String> known = new ArrayList<>();

    Arguments(String[] args) {
        left = new ArrayList<>(List.of(args));
    }

    boolean flag(String name) {
        known.add(name);
        boolean isGiven = left.remove(name);
        requireOnce(name);
        return isGiven;
    }

    /** None is possible too. */
    int number(String name, int otherwise) {
        return integer(name, text(name, Integer.toString(otherwise)), 0);
    }

    /** As {@link #number}, of what there must be at least one. */
    int count(String name, int otherwise) {
        return integer(name, text(name, Integer.toString(otherwise)), 1);
    }

    private static int integer(String name, String value, int least) {
        int number;
        try {
            number = Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " takes whole numbers, not '" + value + "'", e);
        }
        if (number < least) {
            throw new IllegalArgumentException(name + " must be at least " + least + ", not " + number);
        }
        return number;
    }

    /** Each of which may be none. */
    List<Integer> numbers(String name, String otherwise) {
        return integers(name, otherwise, 0);
    }

    /** As {@link #numbers}, of what there must be at least one. */
    List<Integer> counts(String name, String otherwise) {
        return integers(name, otherwise, 1);
    }

    private List<Integer> integers(String name, String otherwise, int least) {
        return different(
                name,
                Stream.of(text(name, otherwise).split(",", -1))
                        .map(each -> integer(name, each, least))
                        .toList());
    }

    /** Some of those that there are. */
    List<String> some(String name, List<String> all) {
        return some(name, all, String.join(",", all));
    }

    List<String> some(String name, List<String> all, String otherwise) {
        List<String> chosen = List.of(text(name, otherwise).split(",", -1));
        for (String each : chosen) {
            if (!all.contains(each)) {
                throw new IllegalArgumentException(
                        name + " takes some of " + String.join(",", all) + ", not '" + each + "'");
            }
        }
        return different(name, chosen);
    }

    /** What stands there twice would be measured twice, and be one in the tables. */
    private static <T> List<T> different(String name, List<T> chosen) {
        Set<T> seen = new HashSet<>();
        for (T each : chosen) {
            if (!seen.add(each)) {
                throw new IllegalArgumentException(name + " names " + each + " twice");
            }
        }
        return chosen;
    }

    String text(String name, String otherwise) {
        known.add(name);
        int at = left.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        if (at + 1 == left.size()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        left.remove(at);
        String value = left.remove(at);
        requireOnce(name);
        return value;
    }

    private void requireOnce(String name) {
        if (left.contains(name)) {
            throw new IllegalArgumentException(name + " is given twice");
        }
    }

    void end() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("unknown: " + left + "; known are " + known);
        }
    }
}
