package dev.getorcreate.bench;

import java.util.Map;
import java.util.TreeMap;

/** How often callers were told which error, by its class. */
final class CallerErrors {

    private final Map<String, Integer> counts = new TreeMap<>();

    synchronized void add(Throwable error) {
        add(error.getClass().getSimpleName(), 1);
    }

    synchronized void add(String error, int times) {
        counts.merge(error, times, Integer::sum);
    }

    /** What {@link #line} gave. */
    void addAll(String line) {
        for (String each : line.split(",", -1)) {
            if (!each.equals("-")) {
                String[] parts = each.split("=", -1);
                add(parts[0], Integer.parseInt(parts[1]));
            }
        }
    }

    synchronized int sum() {
        return counts.values().stream().mapToInt(Integer::intValue).sum();
    }

    synchronized Map<String, Integer> counts() {
        return new TreeMap<>(counts);
    }

    /** Without blanks. */
    String line() {
        Map<String, Integer> now = counts();
        return now.isEmpty() ? "-" : now.toString().replaceAll("[{} ]", "");
    }

    /** For a cell of a table. */
    @Override
    public String toString() {
        Map<String, Integer> now = counts();
        return now.isEmpty() ? "none" : now.toString().replaceAll("[{}]", "").replace("=", " ");
    }
}
