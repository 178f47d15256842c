package dev.getorcreate.jdbc;

import java.util.Collection;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What a database says about a table.
 *
 * @param kind {@code null} for a table that can have a unique constraint, else what it is, for instance "a view"
 * @param columns its columns by name, in their order
 * @param unique its unique indexes, also those that stand behind constraints
 * @param insertInto what begins an INSERT that never gives way
 */
record TableFacts(@Nullable String kind, Map<String, Column> columns, List<UniqueIndex> unique, String insertInto) {

    TableFacts(@Nullable String kind, Map<String, Column> columns, List<UniqueIndex> unique) {
        this(kind, columns, unique, "INSERT INTO ");
    }

    /**
     * A column.
     *
     * @param folds what makes values equal that differ, for instance "collation utf8mb4_general_ci"; {@code null} if
     *     nothing does
     * @param comparison what stands behind its name where a key is looked for
     * @param bytes of its longest value in an index; 0 where none was asked for
     * @param exactBytes the same, once it compares exactly
     */
    record Column(
            boolean nullable,
            @Nullable String folds,
            Precision precision,
            String comparison,
            long bytes,
            long exactBytes) {

        Column(boolean nullable, @Nullable String folds, Precision precision, String comparison) {
            this(nullable, folds, precision, comparison, 0, 0);
        }

        Column(boolean nullable, @Nullable String folds, Precision precision) {
            this(nullable, folds, precision, "= ?");
        }

        Column(boolean nullable, @Nullable String folds) {
            this(nullable, folds, Precision.UNKNOWN);
        }
    }

    /**
     * A unique index.
     *
     * @param names what the database may call it in an error: its own name, its constraint's, its partitions'
     * @param columns the columns that are unique together; {@code null} stands for an expression
     * @param flaws why it does not bind every row at once, for instance "is partial"; empty if it does
     * @param where the condition of the rows that a partial one binds, as it may stand in a statement
     */
    record UniqueIndex(
            List<String> names,
            List<@Nullable String> columns,
            List<String> flaws,
            @Nullable String where) {

        UniqueIndex(List<String> names, List<@Nullable String> columns, List<String> flaws) {
            this(names, columns, flaws, null);
        }

        boolean covers(Set<String> keys) {
            return columns.size() == keys.size() && new HashSet<>(columns).equals(keys);
        }

        /** Whether it is the partial one of this name, and has no other flaw. */
        boolean isPartial(@Nullable String name) {
            return name != null && names.contains(name) && flaws.equals(List.of(PARTIAL));
        }
    }

    /** The column's own name, for a name as {@link Identifier#stored} gives it; that name itself if there is none. */
    String columnName(String stored, Folding folding) {
        if (folding != Folding.CASELESS || columns.containsKey(stored)) {
            return stored;
        }
        return columns.keySet().stream()
                .filter(stored::equalsIgnoreCase)
                .findFirst()
                .orElse(stored);
    }

    /** The one flaw that a user may allow. */
    static final String PARTIAL = "is partial: it has a WHERE";

    /**
     * The names of what makes a second row of a key impossible; empty if nothing does.
     *
     * @param partial the name of an index that may be partial
     */
    Set<String> keyConstraints(Set<String> keys, @Nullable String partial) {
        Set<String> names = new HashSet<>();
        for (UniqueIndex index : unique) {
            if (index.covers(keys) && (index.flaws().isEmpty() || index.isPartial(partial))) {
                names.addAll(index.names());
            }
        }
        return names;
    }

    /** The condition of the partial index of this name; {@code null} if none such is on exactly these columns. */
    @Nullable
    String where(Collection<String> keys, @Nullable String partial) {
        return unique.stream()
                .filter(index -> index.covers(Set.copyOf(keys)) && index.isPartial(partial))
                .map(UniqueIndex::where)
                .findFirst()
                .orElse(null);
    }
}
