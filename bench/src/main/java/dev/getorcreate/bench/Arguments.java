package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/** Of a command line. Whoever has taken what it knows asks for {@link #end}. */
final class Arguments {

    private final List<String> left;
    private final List<String> known = new ArrayList<>();

    Arguments(String[] args) {
        left = new ArrayList<>(List.of(args));
    }

    boolean flag(String name) {
        known.add(name);
        return left.remove(name);
    }

    int number(String name, int otherwise) {
        return integer(name, text(name, Integer.toString(otherwise)));
    }

    /** As {@link #number}, of what there must be at least one. */
    int count(String name, int otherwise) {
        int count = number(name, otherwise);
        if (count < 1) {
            throw new IllegalArgumentException(name + " must be at least 1, not " + count);
        }
        return count;
    }

    private static int integer(String name, String value) {
        try {
            return Integer.parseInt(value);
        } catch (NumberFormatException e) {
            throw new IllegalArgumentException(name + " takes whole numbers, not '" + value + "'", e);
        }
    }

    List<Integer> numbers(String name, String otherwise) {
        return Stream.of(text(name, otherwise).split(","))
                .map(each -> integer(name, each))
                .toList();
    }

    /** Some of those that there are. */
    List<String> some(String name, List<String> all) {
        return some(name, all, String.join(",", all));
    }

    List<String> some(String name, List<String> all, String otherwise) {
        List<String> chosen = List.of(text(name, otherwise).split(","));
        if (!all.containsAll(chosen)) {
            throw new IllegalArgumentException(name + " takes some of " + String.join(",", all));
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
        return left.remove(at);
    }

    void end() {
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("unknown: " + left + "; known are " + known);
        }
    }
}
