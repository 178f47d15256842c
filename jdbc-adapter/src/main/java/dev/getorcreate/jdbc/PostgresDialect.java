package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.TableFacts.Column;
import dev.getorcreate.jdbc.TableFacts.UniqueIndex;
import java.sql.Array;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** PostgreSQL, from 11. */
final class PostgresDialect implements Dialect {

    /** serialization_failure, deadlock_detected, lock_not_available. */
    private static final Set<String> TRANSIENT = Set.of("40001", "40P01", "55P03");

    private static final Pattern QUOTED_OR_ASKING = Pattern.compile("'[^']*'|\"[^\"]*\"|\\?");

    /**
     * With the first table of its tree that is unlogged. TimescaleDB keeps a table's rows in tables that inherit from it,
     * each with its constraint, in a schema of its own.
     */
    private static final String TABLE = """
            SELECT oid, relkind::text, has_table_privilege(oid, 'SELECT'), has_table_privilege(oid, 'INSERT'), current_user,
              relpersistence::text,
              EXISTS (
                SELECT FROM pg_inherits i JOIN pg_class h ON h.oid = i.inhrelid
                WHERE i.inhparent = c.oid AND h.relnamespace IS DISTINCT FROM to_regnamespace('_timescaledb_internal')),
              (
                WITH RECURSIVE tree(part) AS (
                  SELECT c.oid
                  UNION ALL
                  SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.part)
                SELECT min(p.oid::regclass::text) FROM tree JOIN pg_class p ON p.oid = tree.part
                WHERE p.relkind = 'r' AND p.relpersistence = 'u')
            FROM pg_class c WHERE oid = to_regclass(?)
            """;

    /**
     * Of a domain it is what stands behind it, however many others are between. A numeric's scale is eleven bits with a sign,
     * since PostgreSQL 15.
     */
    private static final String COLUMNS = """
            SELECT a.attname, a.attnotnull, b.typname, c.collname, to_jsonb(c) ->> 'collisdeterministic',
              CASE
                WHEN b.typname IN ('int2', 'int4', 'int8') THEN 0
                WHEN m.n < 0 THEN NULL
                WHEN b.typname = 'numeric' THEN (((m.n - 4) & 2047) # 1024) - 1024
                WHEN b.typname IN ('timestamp', 'timestamptz', 'time', 'timetz') THEN m.n
                WHEN b.typname IN ('varchar', 'bpchar') THEN m.n - 4
              END, b.typnamespace::regnamespace::text, b.typcategory IN ('S', 'E')
            FROM pg_attribute a
            CROSS JOIN LATERAL (
              WITH RECURSIVE behind(type, n, depth) AS (
                SELECT a.atttypid, a.atttypmod, 0
                UNION ALL
                SELECT t.typbasetype, CASE WHEN n < 0 THEN t.typtypmod ELSE n END, depth + 1
                FROM behind JOIN pg_type t ON t.oid = type WHERE t.typtype = 'd')
              SELECT type, n FROM behind ORDER BY depth DESC LIMIT 1) m
            JOIN pg_type b ON b.oid = m.type
            LEFT JOIN pg_collation c ON c.oid = a.attcollation
            WHERE a.attrelid = ? AND a.attnum > 0 AND NOT a.attisdropped ORDER BY a.attnum
            """;

    /** An error names the partition's own index, so those of all the partitions are listed. */
    private static final String UNIQUE_INDEXES = """
            SELECT x.indisvalid, x.indimmediate, pg_get_expr(x.indpred, x.indrelid),
              ARRAY(
                SELECT a.attname::text
                FROM unnest(x.indkey::int2[]) WITH ORDINALITY AS k(attnum, n)
                LEFT JOIN pg_attribute a ON a.attrelid = x.indrelid AND a.attnum = k.attnum AND k.attnum <> 0
                WHERE k.n <= x.indnkeyatts ORDER BY k.n),
              ARRAY(
                WITH RECURSIVE tree(index) AS (
                  SELECT x.indexrelid
                  UNION ALL
                  SELECT i.inhrelid FROM pg_inherits i JOIN tree ON i.inhparent = tree.index)
                SELECT c.relname::text FROM tree JOIN pg_class c ON c.oid = tree.index)
            FROM pg_index x WHERE x.indrelid = ? AND x.indisunique
            """;

    @Override
    public Folding folding() {
        return Folding.LOWER;
    }

    @Override
    public Optional<String> refusesWrites(Connection connection) throws SQLException {
        if (connection.isReadOnly()) {
            return Optional.of("this DataSource gives read-only connections");
        }
        try (PreparedStatement ask = connection.prepareStatement(
                        "SELECT pg_is_in_recovery(), current_setting('transaction_read_only')");
                ResultSet row = ask.executeQuery()) {
            row.next();
            if (row.getBoolean(1)) {
                return Optional.of("this DataSource leads to a standby (replica)");
            }
            return row.getString(2).equals("on")
                    ? Optional.of("transactions are read-only here (default_transaction_read_only)")
                    : Optional.empty();
        }
    }

    @Override
    public Optional<TableFacts> facts(Connection connection, @Nullable String schema, String table)
            throws SQLException {
        String name = Identifier.quote(table);
        String qualified = schema == null ? name : Identifier.quote(schema) + '.' + name;
        try (PreparedStatement ask = connection.prepareStatement(TABLE)) {
            ask.setString(1, qualified);
            try (ResultSet row = ask.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                long oid = row.getLong(1);
                requireNotTemporary(row.getString(6), qualified);
                requireNoChildren(row.getString(2), row.getBoolean(7), qualified);
                requireLogged(row.getString(8));
                requireRight("SELECT", row.getBoolean(3), row.getString(5), qualified);
                requireRight("INSERT", row.getBoolean(4), row.getString(5), qualified);
                return Optional.of(new TableFacts(
                        kind(row.getString(2)), columns(connection, oid), uniqueIndexes(connection, oid)));
            }
        }
    }

    private static void requireNotTemporary(String persistence, String table) {
        if (persistence.equals("t")) {
            throw new IllegalStateException(
                    "table " + table + " is temporary, so each session has another one, or none:"
                            + " create one that all of them share");
        }
    }

    private static void requireLogged(@Nullable String unlogged) {
        if (unlogged != null) {
            throw new IllegalStateException(
                    "table " + unlogged + " is UNLOGGED, so a crash empties it, and a key that has a"
                            + " record would get another: ALTER TABLE " + unlogged + " SET LOGGED;");
        }
    }

    /** A partitioned table's index binds its partitions; what inherits has its own, and is read all the same. */
    private static void requireNoChildren(String relkind, boolean inherited, String table) {
        if (relkind.equals("r") && inherited) {
            throw new IllegalStateException(
                    "other tables inherit from " + table + ", and its unique constraint does not"
                            + " bind their rows: take them out (ALTER TABLE ... NO INHERIT " + table
                            + "), or make it a partitioned table");
        }
    }

    private static void requireRight(String right, boolean granted, String user, String table) {
        if (!granted) {
            throw new IllegalStateException("the user " + user + " lacks the right to " + right + " on " + table
                    + ": GRANT SELECT, INSERT ON " + table + " TO " + Identifier.quote(user));
        }
    }

    private static @Nullable String kind(String relkind) {
        return switch (relkind) {
            case "r", "p" -> null;
            case "v" -> "a view";
            case "m" -> "a materialized view";
            case "f" -> "a foreign table";
            default -> "not a table (relkind " + relkind + ')';
        };
    }

    private static Map<String, Column> columns(Connection connection, long table) throws SQLException {
        Map<String, Column> columns = new LinkedHashMap<>();
        try (PreparedStatement ask = connection.prepareStatement(COLUMNS)) {
            ask.setLong(1, table);
            try (ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    // PostgreSQL 11 has no such collations, and no such column.
                    boolean exact = !"false".equals(rows.getString(5));
                    String folds = folds(rows.getString(3), exact ? null : rows.getString(4));
                    // Strings and enumerations, whatever they are called.
                    String type = rows.getBoolean(8) ? "text" : rows.getString(3);
                    Precision precision = Precision.of(type, rows.getString(6));
                    String comparison = comparison(rows.getString(3), rows.getString(7));
                    columns.put(rows.getString(1), new Column(!rows.getBoolean(2), folds, precision, comparison));
                }
            }
        }
        return columns;
    }

    private static @Nullable String folds(String type, @Nullable String foldingCollation) {
        if (foldingCollation != null) {
            return "collation " + foldingCollation + ", which is nondeterministic";
        }
        return switch (type) {
            case "citext" -> "type citext, which ignores case";
            case "bpchar" -> "type char, which ignores trailing blanks";
            default -> null;
        };
    }

    /** With a string, which comes as varchar, or without its schema, its operator would be that of text: past the index. */
    private static String comparison(String type, String schema) {
        return type.equals("citext") ? "OPERATOR(" + schema + ".=) CAST(? AS " + schema + ".citext)" : "= ?";
    }

    private static List<UniqueIndex> uniqueIndexes(Connection connection, long table) throws SQLException {
        List<UniqueIndex> indexes = new ArrayList<>();
        try (PreparedStatement ask = connection.prepareStatement(UNIQUE_INDEXES)) {
            ask.setLong(1, table);
            try (ResultSet rows = ask.executeQuery()) {
                while (rows.next()) {
                    List<@Nullable String> columns = strings(rows.getArray(4));
                    List<String> flaws = new ArrayList<>();
                    if (!rows.getBoolean(1)) {
                        flaws.add("is INVALID: drop it and build it again");
                    }
                    if (!rows.getBoolean(2)) {
                        flaws.add("is DEFERRABLE: it must refuse a second row at once");
                    }
                    String where = asStatement(rows.getString(3));
                    if (where != null) {
                        flaws.add(TableFacts.PARTIAL);
                    }
                    if (columns.contains(null)) {
                        flaws.add("is on an expression");
                    }
                    indexes.add(new UniqueIndex(strings(rows.getArray(5)), columns, flaws, where));
                }
            }
        }
        return indexes;
    }

    /** Its driver takes a question mark for a parameter, also in an operator of jsonb, unless it is doubled. */
    private static @Nullable String asStatement(@Nullable String condition) {
        return condition == null
                ? null
                : QUOTED_OR_ASKING
                        .matcher(condition)
                        .replaceAll(found -> found.group().equals("?") ? "??" : "$0");
    }

    private static List<String> strings(Array array) throws SQLException {
        try {
            return Arrays.asList((String[]) array.getArray());
        } finally {
            array.free();
        }
    }

    @Override
    public String typed(Connection connection, String stored) throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement("SELECT quote_ident(?)")) {
            ask.setString(1, stored);
            try (ResultSet row = ask.executeQuery()) {
                row.next();
                return row.getString(1);
            }
        }
    }

    @Override
    public Optional<String> returning(String insert) {
        return Optional.of(insert + " RETURNING *");
    }

    /** Its driver starts a timer's task for each statement that has a time-out, and wakes the timer for it. */
    @Override
    public boolean watched() {
        return true;
    }

    @Override
    public String compareExactly(Connection connection, TypedTable table, String column, long bytes)
            throws SQLException {
        return "ALTER TABLE " + table.qualified() + " ALTER COLUMN " + typed(connection, column)
                + " TYPE text COLLATE \"C\";";
    }

    /** It knows no such level, whatever it is called; and to ask would be a statement more. */
    @Override
    public boolean readsUncommitted(Connection connection) {
        return false;
    }

    @Override
    public boolean awaitsStandbys(Session session) throws SQLException {
        try (Timed ask = session.prepare(
                        "SELECT coalesce(current_setting('synchronous_standby_names', true), '') <> ''", watched());
                ResultSet row = ask.executeQuery()) {
            row.next();
            return row.getBoolean(1);
        }
    }

    @Override
    public boolean isTransient(SQLException e) {
        return e.getSQLState() != null && TRANSIENT.contains(e.getSQLState());
    }
}
