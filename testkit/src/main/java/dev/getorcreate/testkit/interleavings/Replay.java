package dev.getorcreate.testkit.interleavings;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The choices of one run as text: the numbers of its faults, and a letter for each step, by whose it was: {@code 0!a3b2a}.
 * After its end everybody goes on in order.
 */
final class Replay implements Chooser {

    private static final String LETTERS = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ";

    private final List<Integer> faults;
    private final List<Integer> choices = new ArrayList<>();
    private int depth;

    Replay(String text) {
        String[] parts = text.strip().split("!", -1);
        if (parts.length > 2) {
            throw malformed(text);
        }
        try {
            faults = parts.length == 1 || parts[0].isEmpty()
                    ? List.of()
                    : Arrays.stream(parts[0].split("\\+")).map(Integer::valueOf).toList();
            parse(parts[parts.length - 1], text);
        } catch (NumberFormatException e) {
            throw malformed(text);
        }
    }

    private void parse(String steps, String text) {
        int i = 0;
        while (i < steps.length()) {
            int actor = LETTERS.indexOf(steps.charAt(i++));
            int digits = i;
            while (i < steps.length() && Character.isDigit(steps.charAt(i))) {
                i++;
            }
            if (actor < 0) {
                throw malformed(text);
            }
            int times = digits == i ? 1 : Integer.parseInt(steps.substring(digits, i));
            for (int k = 0; k < times; k++) {
                choices.add(actor);
            }
        }
    }

    private static IllegalArgumentException malformed(String text) {
        return new IllegalArgumentException("'" + text + "' is no replay string: it looks like a3b2a, or 0!a3b2a");
    }

    List<String> faults(List<String> all) {
        return faults.stream()
                .map(number -> {
                    if (number >= all.size()) {
                        throw doesNotFit();
                    }
                    return all.get(number);
                })
                .toList();
    }

    @Override
    public Actor choose(List<Actor> enabled, @Nullable Event last) {
        Actor running = last == null ? null : last.actor;
        if (depth >= choices.size()) {
            return Search.preferred(enabled, running);
        }
        Run run = enabled.get(0).run;
        int index = choices.get(depth++);
        if (index >= run.actors.size() || !enabled.contains(run.actors.get(index))) {
            throw doesNotFit();
        }
        return run.actors.get(index);
    }

    private static IllegalStateException doesNotFit() {
        return new IllegalStateException("the replay string does not fit this scenario (any more): at some step the one"
                + " whose turn it is cannot go on");
    }

    static String of(Run run, List<String> faults, List<String> all) {
        StringBuilder text = new StringBuilder();
        if (!faults.isEmpty()) {
            text.append(faults.stream()
                            .map(fault -> Integer.toString(all.indexOf(fault)))
                            .collect(Collectors.joining("+")))
                    .append('!');
        }
        char letter = 0;
        int times = 0;
        for (Event event : run.events) {
            if (event.isBarrier()) {
                continue;
            }
            char next = LETTERS.charAt(run.actors.indexOf(event.actor));
            if (next != letter) {
                append(text, letter, times);
                letter = next;
                times = 0;
            }
            times++;
        }
        append(text, letter, times);
        return text.toString();
    }

    private static void append(StringBuilder text, char letter, int times) {
        if (times > 0) {
            text.append(letter).append(times == 1 ? "" : Integer.toString(times));
        }
    }
}
