package dev.getorcreate.testkit.interleavings;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A database's table of keys and values, for code that is to be explored; each statement is one atomic step, in a
 * transaction of its own. Outside of an exploration, in setup and check, its methods simply answer.
 */
public final class SteppedTable {

    private final String name;
    private final boolean unique;
    /** Guard: the baton. */
    private final List<Row> rows = new ArrayList<>();

    /** A row. */
    public record Row(String key, String value) {}

    SteppedTable(String name, boolean unique) {
        this.name = name;
        this.unique = unique;
    }

    /** As SELECT: the first row's value; null: there is none. */
    public @Nullable String find(String key) {
        return Steps.reads(resource(key), name + " find " + key, () -> first(key));
    }

    private @Nullable String first(String key) {
        return rows.stream()
                .filter(row -> row.key().equals(key))
                .map(Row::value)
                .findFirst()
                .orElse(null);
    }

    /** As INSERT: whether the row was written. False only where the key is unique, and there. */
    public boolean insert(String key, String value) {
        return Boolean.TRUE.equals(Steps.reads(resource(key), name + " insert " + key + " = " + value, () -> {
            if (unique && first(key) != null) {
                return false;
            }
            Steps.touches(resource(key), true);
            rows.add(new Row(key, value));
            return true;
        }));
    }

    /** As UPDATE of every row of the key. */
    public void update(String key, String value) {
        Steps.point(name + " update " + key + " = " + value);
        Steps.touches(resource(key), true);
        rows.replaceAll(row -> row.key().equals(key) ? new Row(key, value) : row);
    }

    /** As DELETE. */
    public void delete(String key) {
        Steps.point(name + " delete " + key);
        Steps.touches(resource(key), true);
        rows.removeIf(row -> row.key().equals(key));
    }

    /** The values of all the rows of the key, in the order of insertion. */
    public List<String> all(String key) {
        return Steps.reads(resource(key), name + " all " + key, () -> rows.stream()
                .filter(row -> row.key().equals(key))
                .map(Row::value)
                .toList());
    }

    private String resource(String key) {
        return name + " " + key;
    }
}
