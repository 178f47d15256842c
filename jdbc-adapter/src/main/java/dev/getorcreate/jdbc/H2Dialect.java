package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.TableFacts.Column;
import dev.getorcreate.jdbc.TableFacts.UniqueIndex;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** H2, from 2.0, in every compatibility mode. */
final class H2Dialect implements Dialect {

    private static final int DEADLOCK = 40001;
    private static final int LOCK_TIMEOUT = 50200;

    /** Another transaction that has not ended yet is writing the same row. */
    private static final int CONCURRENT_UPDATE = 90131;

    private static final Set<Integer> TRANSIENT = Set.of(DEADLOCK, LOCK_TIMEOUT, CONCURRENT_UPDATE);

    private static final String TABLE = """
            SELECT TABLE_SCHEMA, TABLE_TYPE FROM INFORMATION_SCHEMA.TABLES
            WHERE TABLE_SCHEMA = COALESCE(?, CURRENT_SCHEMA()) AND TABLE_NAME = ?
            """;

    private static final String COLUMNS = """
            SELECT COLUMN_NAME, IS_NULLABLE, DATA_TYPE, COLLATION_NAME,
              COALESCE(NUMERIC_SCALE, DATETIME_PRECISION, CHARACTER_MAXIMUM_LENGTH)
            FROM INFORMATION_SCHEMA.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION
            """;

    private static final String UNIQUE_COLUMNS = """
            SELECT INDEX_NAME, COLUMN_NAME FROM INFORMATION_SCHEMA.INDEX_COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND IS_UNIQUE ORDER BY INDEX_NAME, ORDINAL_POSITION
            """;

    private static final String CONSTRAINTS = """
            SELECT INDEX_NAME, CONSTRAINT_NAME, CONSTRAINT_TYPE FROM INFORMATION_SCHEMA.TABLE_CONSTRAINTS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND CONSTRAINT_TYPE IN ('UNIQUE', 'PRIMARY KEY')
            """;

    private final Folding folding;

    /** A mode of compatibility decides what becomes of names. */
    H2Dialect(Folding folding) {
        this.folding = folding;
    }

    @Override
    public Folding folding() {
        return folding;
    }

    @Override
    public Optional<String> refusesWrites(Connection connection) throws SQLException {
        return connection.isReadOnly() ? Optional.of("the database is read-only") : Optional.empty();
    }

    @Override
    public Optional<TableFacts> facts(Connection connection, @Nullable String schema, String table)
            throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement(TABLE)) {
            ask.setString(1, schema);
            ask.setString(2, table);
            try (ResultSet row = ask.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String found = row.getString(1);
                String type = row.getString(2);
                return Optional.of(new TableFacts(
                        type.endsWith("TABLE") ? null : "a " + type,
                        columns(connection, found, table),
                        uniqueIndexes(connection, found, table)));
            }
        }
    }

    private static Map<String, Column> columns(Connection connection, String schema, String table) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (PreparedStatement ask = connection.prepareStatement(COLUMNS)) {
            ask.setString(1, schema);
            ask.setString(2, table);
            try (ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    String folds = folds(rows.getString(3), rows.getString(4));
                    Precision precision = Precision.of(rows.getString(3), rows.getString(5));
                    columns.put(rows.getString(1), new Column(rows.getString(2).equals("YES"), folds, precision));
                }
            }
        }
        return columns;
    }

    private static @Nullable String folds(String type, @Nullable String collation) {
        if (type.endsWith("IGNORECASE")) {
            return "type " + type + ", which ignores case";
        }
        if (type.equals("CHARACTER")) {
            return "type CHARACTER, which ignores trailing blanks";
        }
        return collation == null || collation.equals("OFF") ? null : "collation " + collation;
    }

    private static List<UniqueIndex> uniqueIndexes(Connection connection, String schema, String table)
            throws SQLException {
        Map<String, UniqueIndex> indexes = new LinkedHashMap<>();
        try (PreparedStatement ask = connection.prepareStatement(UNIQUE_COLUMNS)) {
            ask.setString(1, schema);
            ask.setString(2, table);
            try (ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    indexes.computeIfAbsent(rows.getString(1), H2Dialect::named)
                            .columns()
                            .add(rows.getString(2));
                }
            }
        }
        try (PreparedStatement ask = connection.prepareStatement(CONSTRAINTS)) {
            ask.setString(1, schema);
            ask.setString(2, table);
            try (ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    UniqueIndex index = indexes.get(rows.getString(1));
                    if (index != null) {
                        index.names().add(rows.getString(2));
                        if (rows.getString(3).equals("PRIMARY KEY")) {
                            // So H2 before 2.4 calls a primary key on one integer column, and nothing else.
                            index.names().add("PRIMARY KEY");
                        }
                    }
                }
            }
        }
        return List.copyOf(indexes.values());
    }

    private static UniqueIndex named(String name) {
        return new UniqueIndex(new ArrayList<>(List.of(name)), new ArrayList<>(), List.of());
    }

    @Override
    public Optional<String> returning(String insert) {
        return Optional.of("SELECT * FROM FINAL TABLE (" + insert + ')');
    }

    @Override
    public String compareExactly(Connection connection, TypedTable table, String column, long bytes) {
        return "ALTER TABLE " + table.qualified() + " ALTER COLUMN " + quote(column)
                + " SET DATA TYPE CHARACTER VARYING;";
    }

    @Override
    public boolean isTransient(SQLException e) {
        return TRANSIENT.contains(e.getErrorCode());
    }
}
