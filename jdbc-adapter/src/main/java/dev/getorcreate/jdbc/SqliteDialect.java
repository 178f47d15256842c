package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.TableFacts.Column;
import dev.getorcreate.jdbc.TableFacts.UniqueIndex;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** SQLite, from 3.37, by Xerial's driver. */
final class SqliteDialect implements Dialect {

    private static final int BUSY = 5;
    private static final int LOCKED = 6;

    private static final String TABLE = """
            SELECT schema, name, type, strict FROM pragma_table_list
            WHERE name = ? COLLATE NOCASE AND schema = COALESCE(?, schema) COLLATE NOCASE
            ORDER BY schema = 'temp' DESC, schema = 'main' DESC
            """;

    private static final String COLUMNS =
            "SELECT name, \"notnull\", pk, type FROM pragma_table_xinfo(?, ?) WHERE hidden <> 1 ORDER BY cid";

    private static final String UNIQUE_INDEXES = """
            SELECT i.name, i.origin, i.partial, c.name, c.coll, s.sql FROM pragma_index_list(?, ?) i, pragma_index_xinfo(i.name, ?) c
            LEFT JOIN %s.sqlite_schema s ON s.type = 'index' AND s.name = i.name
            WHERE i."unique" AND c.key ORDER BY i.seq, c.seqno
            """;

    private static final String MADE = "SELECT sql FROM %s.sqlite_schema WHERE type = 'table' AND name = ?";

    /** What is no part of a statement's grammar: names and texts in quotes, comments. A doubled quote is in two of them. */
    private static final Pattern QUOTED =
            Pattern.compile("(?s)'[^']*'|\"[^\"]*\"|`[^`]*`|\\[[^\\]]*]|--[^\\n]*|/\\*.*?(?:\\*/|$)");

    /** A constraint of the table says what becomes of a conflict. */
    private static final Pattern GIVES_WAY = Pattern.compile("(?i)\\bON\\s+CONFLICT\\b");

    private static final Pattern WHERE = Pattern.compile("(?is)\\)\\s*WHERE\\b(.*)");

    @Override
    public Folding folding() {
        return Folding.CASELESS;
    }

    @Override
    public Optional<String> refusesWrites(Connection connection) throws SQLException {
        try (Statement ask = connection.createStatement();
                ResultSet row = ask.executeQuery("PRAGMA query_only")) {
            row.next();
            return connection.isReadOnly() || row.getBoolean(1)
                    ? Optional.of("this DataSource opens the database read-only")
                    : Optional.empty();
        }
    }

    @Override
    public Optional<TableFacts> facts(Connection connection, @Nullable String schema, String table)
            throws SQLException {
        try (PreparedStatement ask = connection.prepareStatement(TABLE)) {
            ask.setString(1, table);
            ask.setString(2, schema);
            try (ResultSet row = ask.executeQuery()) {
                if (!row.next()) {
                    return Optional.empty();
                }
                String type = row.getString(3);
                return Optional.of(new Catalogue(connection, row.getString(1), row.getString(2), row.getBoolean(4))
                        .facts(type.equals("table") ? null : "a " + type + (type.equals("view") ? "" : " table")));
            }
        }
    }

    /** What is asked about one table. */
    private record Catalogue(Connection connection, String schema, String table, boolean strict) {

        TableFacts facts(@Nullable String kind) throws SQLException {
            Map<String, Column> columns = new LinkedHashMap<>();
            List<String> primaryKey = new ArrayList<>();
            try (PreparedStatement ask = connection.prepareStatement(COLUMNS)) {
                ask.setString(1, table);
                ask.setString(2, schema);
                try (ResultSet rows = ask.executeQuery()) {
                    while (rows.next()) {
                        // A strict table keeps what is in a column of type ANY as it is.
                        String type = rows.getString(4);
                        Precision precision =
                                Precision.ofSqlite(strict && type.equalsIgnoreCase("ANY") ? "BLOB" : type);
                        columns.put(rows.getString(1), new Column(!rows.getBoolean(2), null, precision));
                        if (rows.getInt(3) > 0) {
                            primaryKey.add(rows.getString(1));
                        }
                    }
                }
            }
            Map<String, UniqueIndex> indexes = new LinkedHashMap<>();
            boolean hasIndex = readIndexes(indexes, columns);
            if (primaryKey.size() == 1 && !hasIndex) {
                // INTEGER PRIMARY KEY is the number of the row itself: it has no index, and is never null.
                String id = primaryKey.get(0);
                columns.put(id, new Column(false, null, Precision.ofSqlite("INTEGER")));
                indexes.put("", new UniqueIndex(List.of(reported(primaryKey)), List.copyOf(primaryKey), List.of()));
            }
            return new TableFacts(kind, columns, List.copyOf(indexes.values()), insertInto());
        }

        /**
         * A constraint with ON CONFLICT REPLACE would let our row take the place of the one that stands there. What the
         * statement says comes before it; but before what a trigger says too, so it is said only where it must be.
         */
        private String insertInto() throws SQLException {
            String sql = MADE.formatted(Identifier.quote(schema));
            try (PreparedStatement ask = connection.prepareStatement(sql)) {
                ask.setString(1, table);
                try (ResultSet row = ask.executeQuery()) {
                    String made = row.next() ? String.valueOf(row.getString(1)) : "";
                    boolean givesWay = GIVES_WAY
                            .matcher(QUOTED.matcher(made).replaceAll(" "))
                            .find();
                    return givesWay ? "INSERT OR ABORT INTO " : "INSERT INTO ";
                }
            }
        }

        /** Whether the primary key has an index. */
        private boolean readIndexes(Map<String, UniqueIndex> indexes, Map<String, Column> columns) throws SQLException {
            boolean ofPrimaryKey = false;
            String sql = UNIQUE_INDEXES.formatted(Identifier.quote(schema));
            try (PreparedStatement ask = connection.prepareStatement(sql)) {
                ask.setString(1, table);
                ask.setString(2, schema);
                ask.setString(3, schema);
                try (ResultSet rows = ask.executeQuery()) {
                    while (rows.next()) {
                        String where = rows.getBoolean(3) ? where(rows.getString(6)) : null;
                        UniqueIndex index = indexes.computeIfAbsent(
                                rows.getString(1),
                                name -> new UniqueIndex(
                                        new ArrayList<>(List.of(name)), new ArrayList<>(), new ArrayList<>(), where));
                        ofPrimaryKey |= rows.getString(2).equals("pk");
                        if (rows.getBoolean(3) && index.columns().isEmpty()) {
                            index.flaws().add(TableFacts.PARTIAL);
                        }
                        addColumn(index, rows.getString(4), rows.getString(5), columns);
                    }
                }
            }
            for (UniqueIndex index : indexes.values()) {
                if (!index.columns().contains(null)) {
                    index.names().add(reported(index.columns()));
                }
            }
            return ofPrimaryKey;
        }

        /** The statement that made the index is all that has it; what it quotes may look like any part of it. */
        private static @Nullable String where(String made) {
            String bare =
                    QUOTED.matcher(made).replaceAll(found -> found.group().matches("(?s)(--|/\\*).*") ? " " : "$0");
            Matcher condition = WHERE.matcher(QUOTED.matcher(bare)
                    .replaceAll(found -> " ".repeat(found.group().length())));
            return condition.find() ? bare.substring(condition.start(1)).strip() : null;
        }

        private static void addColumn(
                UniqueIndex index, @Nullable String column, String collation, Map<String, Column> columns) {
            index.columns().add(column);
            if (column == null) {
                index.flaws().add("is on an expression");
            } else if (!collation.equalsIgnoreCase("BINARY")) {
                String name = collation.toUpperCase(Locale.ROOT);
                columns.computeIfPresent(
                        column,
                        (same, known) ->
                                new Column(known.nullable(), "collation " + name + " of its index", known.precision()));
            }
        }

        /** SQLite names the columns in an error, and not the index. */
        private String reported(List<@Nullable String> columns) {
            return columns.stream().map(column -> table + '.' + column).collect(Collectors.joining(", "));
        }
    }

    /** It would commit only when the last row is asked for, behind the statement's time-out. */
    @Override
    public Optional<String> returning(String insert) {
        return Optional.empty();
    }

    /** BUSY is said after the whole time-out: to try again would only multiply it. */
    @Override
    public boolean isTransient(SQLException e) {
        int primary = e.getErrorCode() & 0xff;
        return primary == LOCKED || (primary == BUSY && !isTimeout(e));
    }

    private static boolean isTimeout(SQLException e) {
        return String.valueOf(e.getMessage()).startsWith("[SQLITE_BUSY]");
    }

    /** It runs inside this process, and its driver gives no SQLState at all. */
    @Override
    public boolean connectionLost(SQLException e) {
        return false;
    }

    @Override
    public @Nullable String standardState(SQLException e) {
        String message = String.valueOf(e.getMessage());
        if (message.startsWith("[SQLITE_CONSTRAINT_")) {
            String kind = message.substring("[SQLITE_CONSTRAINT_".length(), message.indexOf(']'));
            return switch (kind) {
                case "NOTNULL" -> "23502";
                case "FOREIGNKEY" -> "23503";
                case "CHECK" -> "23514";
                case "DATATYPE" -> "22P02";
                default -> null;
            };
        }
        if (isTimeout(e)) {
            return "57014";
        }
        return message.startsWith("[SQLITE_READONLY") ? "25006" : null;
    }

    @Override
    public String forbidNulls(Connection connection, TypedTable table, String column) throws SQLException {
        try (Statement ask = connection.createStatement();
                ResultSet row = ask.executeQuery("SELECT sqlite_version()")) {
            row.next();
            String[] version = row.getString(1).split("\\.", -1);
            return Integer.parseInt(version[0]) == 3 && Integer.parseInt(version[1]) < 53
                    ? "-- make the table again, with the column " + quote(column)
                            + " NOT NULL: SQLite before 3.53 cannot alter it"
                    : Dialect.super.forbidNulls(connection, table, column);
        }
    }

    @Override
    public String addUnique(TypedTable table, String constraint, String columns, long bytes) {
        String index = table.schema() == null ? constraint : table.schema() + '.' + constraint;
        return "CREATE UNIQUE INDEX " + index + " ON " + table.name() + '(' + columns + ");";
    }

    @Override
    public String compareExactly(Connection connection, TypedTable table, String column, long bytes) {
        return "make the table again, with the column " + quote(column) + " COLLATE BINARY";
    }
}
