package dev.getorcreate.jdbc;

import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The columns of a row to be inserted, by name. */
public final class Columns {

    private final TableFacts facts;
    private final Folding folding;
    private final Set<String> keys;
    private final Map<String, String> names;
    private final Map<String, Parameter> parameters = new LinkedHashMap<>();

    /**
     * Of one row.
     *
     * @param names of columns that are known already; shared by all rows
     */
    Columns(TableFacts facts, Folding folding, Set<String> keys, Map<String, String> names) {
        this.facts = facts;
        this.folding = folding;
        this.keys = keys;
        this.names = names;
    }

    /**
     * Sets a column.
     *
     * @param column its name, plain or {@code "quoted"}
     * @param value what the driver's {@code setObject} takes; an {@link Instant} is written with the offset UTC
     * @throws IllegalArgumentException if the table has no such column, or it is set twice, or is the key's
     */
    public Columns set(String column, @Nullable Object value) {
        return put(column, new Parameter(value, null));
    }

    /**
     * Sets a column of a type that the driver does not guess, for instance JSON with {@link java.sql.Types#OTHER}.
     *
     * @param sqlType of {@link java.sql.Types}
     */
    public Columns set(String column, @Nullable Object value, int sqlType) {
        return put(column, new Parameter(value, sqlType));
    }

    private Columns put(String column, Parameter parameter) {
        Objects.requireNonNull(column, "column");
        String name = names.get(column);
        if (name == null) {
            name = known(column);
            names.put(column, name);
        }
        if (keys.contains(name)) {
            throw new IllegalArgumentException("column " + name + " is the key's and is set from the key");
        }
        if (parameters.putIfAbsent(name, parameter) != null) {
            throw new IllegalArgumentException("column " + name + " is set twice");
        }
        return this;
    }

    private String known(String column) {
        String name = facts.columnName(Identifier.parse("column", column).stored(folding), folding);
        if (!facts.columns().containsKey(name)) {
            throw new IllegalArgumentException("the table has no column " + name + "; it has "
                    + String.join(", ", facts.columns().keySet()));
        }
        return name;
    }

    Map<String, Parameter> parameters() {
        return parameters;
    }

    /** A value to bind. */
    record Parameter(@Nullable Object value, @Nullable Integer sqlType) {

        void bind(PreparedStatement statement, int index) throws SQLException {
            // JDBC names OffsetDateTime for timestamps with a time zone, and no driver has to take an Instant.
            Object given = value instanceof Instant instant ? instant.atOffset(ZoneOffset.UTC) : value;
            if (sqlType == null) {
                statement.setObject(index, given);
            } else {
                statement.setObject(index, given, sqlType);
            }
        }
    }
}
