package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.TableFacts.Column;
import dev.getorcreate.jdbc.TableFacts.UniqueIndex;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.SQLTimeoutException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** MariaDB, from 10.5; and MySQL, from 5.7, which lacks {@code INSERT ... RETURNING}. */
final class MariaDbDialect implements Dialect {

    private static final int LOCK_TIMEOUT = 1205;
    private static final int DEADLOCK = 1213;

    /** Since MariaDB 11.6, where a snapshot meets a newer row. */
    private static final int RECORD_HAS_CHANGED = 1020;

    private static final Set<Integer> TRANSIENT = Set.of(LOCK_TIMEOUT, DEADLOCK, RECORD_HAS_CHANGED);

    private static final String TABLE = """
            SELECT t.TABLE_SCHEMA, t.TABLE_TYPE, t.ENGINE, e.TRANSACTIONS, @@SESSION.sql_mode
            FROM information_schema.TABLES t LEFT JOIN information_schema.ENGINES e ON e.ENGINE = t.ENGINE
            WHERE t.TABLE_SCHEMA = COALESCE(?, DATABASE()) AND t.TABLE_NAME = ?
            """;

    private static final String COLUMNS = """
            SELECT COLUMN_NAME, IS_NULLABLE, DATA_TYPE, COLLATION_NAME,
              COALESCE(NUMERIC_SCALE, DATETIME_PRECISION, CHARACTER_MAXIMUM_LENGTH),
              COALESCE(CHARACTER_OCTET_LENGTH, IF(DATA_TYPE IN ('decimal', 'inet6', 'uuid'), 30, 8)),
              4 * CHARACTER_MAXIMUM_LENGTH, COLUMN_TYPE
            FROM information_schema.COLUMNS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? ORDER BY ORDINAL_POSITION
            """;

    private static final String UNIQUE_INDEXES = """
            SELECT INDEX_NAME, COLUMN_NAME, SUB_PART, INDEX_TYPE FROM information_schema.STATISTICS
            WHERE TABLE_SCHEMA = ? AND TABLE_NAME = ? AND NON_UNIQUE = 0 ORDER BY INDEX_NAME, SEQ_IN_INDEX
            """;

    /** MariaDB's, and MySQL's, which has it since 8.0.17. */
    private static final String EXACT_COLLATIONS = """
            SELECT COLLATION_NAME FROM information_schema.COLLATIONS
            WHERE COLLATION_NAME IN ('utf8mb4_nopad_bin', 'utf8mb4_0900_bin') ORDER BY COLLATION_NAME DESC
            """;

    /** Of all the columns of an index, by the engine. */
    private static final int LONGEST_KEY = 3072;

    private static final String SHORTER =
            "use shorter columns (" + LONGEST_KEY + " bytes together, or " + LONGEST_KEY / 4
                    + " characters), or keep a digest of the key (SHA-256 in a BINARY(32)) in a column of its own, and be keyed"
                    + " by that";

    private static final String HASHED = "is USING HASH, as MariaDB makes it by itself where columns are too long to be"
            + " kept in order, and on some servers lets a second row in";

    private static final Pattern OF_SOME_LENGTH = Pattern.compile("^`(?:[^`]|``)+` (?:var)?char\\(");

    private final boolean returns;

    /** {@code true} for MariaDB, {@code false} for MySQL. */
    MariaDbDialect(boolean returns) {
        this.returns = returns;
    }

    @Override
    public Folding folding() {
        return Folding.CASELESS;
    }

    @Override
    public String quote(String stored) {
        return '`' + stored.replace("`", "``") + '`';
    }

    @Override
    public Optional<String> refusesWrites(Connection connection) throws SQLException {
        if (connection.isReadOnly()) {
            return Optional.of("this DataSource gives read-only connections");
        }
        try (Statement ask = connection.createStatement();
                ResultSet row = ask.executeQuery("SELECT @@GLOBAL.read_only, @@GLOBAL.innodb_read_only")) {
            row.next();
            // Some users may write to a replica all the same, and must not: it would be a second place that decides.
            return row.getString(1).matches("0|OFF") && row.getString(2).matches("0|OFF")
                    ? Optional.empty()
                    : Optional.of("this server is read-only (a replica?)");
        }
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
                String type = row.getString(2);
                boolean isTable = type.equals("BASE TABLE") || type.equals("SYSTEM VERSIONED");
                if (isTable) {
                    requireTransactions(row.getString(3), row.getString(4), quote(table));
                    requireStrictness(row.getString(5));
                }
                String found = row.getString(1);
                return Optional.of(new TableFacts(
                        isTable ? null : "a " + type,
                        columns(connection, found, table),
                        uniqueIndexes(connection, found, table)));
            }
        }
    }

    private static void requireTransactions(String engine, @Nullable String transactions, String table) {
        if (!"YES".equals(transactions)) {
            throw new IllegalStateException("table " + table + " is kept by the engine " + engine
                    + ", which may lose or tear rows in a crash: ALTER TABLE " + table + " ENGINE=InnoDB;");
        }
    }

    /** Otherwise a key that is too long is cut and committed, as some other key. */
    private static void requireStrictness(String sqlMode) {
        if (!sqlMode.contains("STRICT_TRANS_TABLES") && !sqlMode.contains("STRICT_ALL_TABLES")) {
            throw new IllegalStateException(
                    "sql_mode is not strict in the sessions of this DataSource, so a key that is"
                            + " too long would be cut and become another key: add STRICT_TRANS_TABLES to sql_mode");
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
                    Precision precision =
                            Precision.of(rows.getString(3), rows.getString(5), Members.of(rows.getString(8)));
                    boolean nullable = rows.getString(2).equals("YES");
                    long bytes = rows.getLong(6);
                    long exactBytes = folds == null ? bytes : rows.getLong(7);
                    columns.put(rows.getString(1), new Column(nullable, folds, precision, "= ?", bytes, exactBytes));
                }
            }
        }
        return columns;
    }

    private static @Nullable String folds(String type, @Nullable String collation) {
        if (collation == null) {
            return null;
        }
        if (type.equalsIgnoreCase("char")) {
            return "type char, which ignores trailing blanks";
        }
        if (collation.equals("binary") || collation.endsWith("_nopad_bin") || collation.endsWith("_0900_bin")) {
            return null;
        }
        return "collation " + collation + ", which ignores "
                + (collation.endsWith("_bin") ? "trailing blanks" : "case, accents or trailing blanks");
    }

    private List<UniqueIndex> uniqueIndexes(Connection connection, String schema, String table) throws SQLException {
        Map<String, UniqueIndex> indexes = new LinkedHashMap<>();
        try (PreparedStatement ask = connection.prepareStatement(UNIQUE_INDEXES)) {
            ask.setString(1, schema);
            ask.setString(2, table);
            try (ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    UniqueIndex index = indexes.computeIfAbsent(
                            rows.getString(1),
                            name -> new UniqueIndex(List.of(name), new ArrayList<>(), new ArrayList<>()));
                    String column = rows.getString(2);
                    index.columns().add(column);
                    if (column == null) {
                        index.flaws().add("is on an expression");
                    } else if (rows.getString(3) != null) {
                        index.flaws().add("is on a prefix: the first " + rows.getString(3) + " of " + column);
                    }
                    // MySQL has it in an engine for clusters, where it compares all of the key.
                    if (returns
                            && rows.getString(4).equals("HASH")
                            && index.columns().size() == 1) {
                        index.flaws().add(HASHED);
                    }
                }
            }
        }
        return List.copyOf(indexes.values());
    }

    @Override
    public Optional<String> returning(String insert) {
        return returns ? Optional.of(insert + " RETURNING *") : Optional.empty();
    }

    @Override
    public boolean demotesConnections() {
        return true;
    }

    @Override
    public boolean isTransient(SQLException e) {
        return TRANSIENT.contains(e.getErrorCode()) || "40001".equals(e.getSQLState());
    }

    @Override
    public @Nullable String standardState(SQLException e) {
        if (e instanceof SQLTimeoutException) {
            return "57014"; // which is all that MySQL's driver says of it
        }
        return switch (e.getErrorCode()) {
            case 1048, 1364 -> "23502";
            case 1216, 1452 -> "23503";
            case 3819, 4025 -> "23514";
            case 1265, 1292, 1366 -> "22P02";
            case 1036, 1290, 1792, 1836 -> "25006";
            case 1044, 1142, 1143 -> "42501";
            case 1317, 1969, 3024 -> "57014";
            default -> e.getSQLState();
        };
    }

    @Override
    public String forbidNulls(Connection connection, TypedTable table, String column) throws SQLException {
        return modify(table, notNull(definition(connection, table, column)));
    }

    private static String modify(TypedTable table, String definition) {
        return "ALTER TABLE " + table.qualified() + " MODIFY " + definition + ';';
    }

    /** MODIFY forgets what it does not say, so it has to say all that stands there. */
    private String definition(Connection connection, TypedTable table, String column) throws SQLException {
        try (Statement ask = connection.createStatement();
                ResultSet row = ask.executeQuery("SHOW CREATE TABLE " + table.qualified())) {
            row.next();
            return row.getString(2)
                    .lines()
                    .map(String::strip)
                    .filter(line -> line.startsWith(quote(column) + ' '))
                    .map(line -> line.replaceFirst(",$", ""))
                    .findFirst()
                    .orElse(quote(column) + " ...");
        }
    }

    private static String notNull(String definition) {
        if (definition.contains(" NOT NULL")) {
            return definition;
        }
        return definition.contains(" DEFAULT NULL")
                ? definition.replaceFirst(" DEFAULT NULL", " NOT NULL")
                : definition + " NOT NULL";
    }

    /** MySQL would refuse it; MariaDB would take it, and make an index that does not count. */
    @Override
    public String addUnique(TypedTable table, String constraint, String columns, long bytes) {
        return bytes > LONGEST_KEY
                ? "-- " + columns + " may be too long for an index that compares all of it: " + SHORTER
                : Dialect.super.addUnique(table, constraint, columns, bytes);
    }

    @Override
    public String compareExactly(Connection connection, TypedTable table, String column, long bytes)
            throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement(EXACT_COLLATIONS);
                ResultSet row = ask.executeQuery()) {
            return row.next()
                    ? collate(connection, table, column, row.getString(1), bytes)
                    : "make the column " + quote(column) + " utf8mb4, and VARBINARY then: this server has no collation"
                            + " that does (MySQL has one since 8.0.17)";
        }
    }

    private String collate(Connection connection, TypedTable table, String column, String collation, long bytes)
            throws SQLException {
        String definition = notNull(definition(connection, table, column));
        if (bytes > LONGEST_KEY
                || (returns && !OF_SOME_LENGTH.matcher(definition).find())) {
            return "make the column " + quote(column) + " utf8mb4 and " + collation + ", which may be too long for its"
                    + " index then: " + SHORTER;
        }
        String bare = definition.replaceFirst(" CHARACTER SET \\S+", "").replaceFirst(" COLLATE \\S+", "");
        // Behind the name and the type, which has no blanks where it is text of one length.
        return modify(
                table, bare.replaceFirst("^(`(?:[^`]|``)+` \\S+)", "$1 CHARACTER SET utf8mb4 COLLATE " + collation));
    }
}
