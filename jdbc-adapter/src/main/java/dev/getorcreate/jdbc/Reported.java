package dev.getorcreate.jdbc;

import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a driver reported about a violated unique constraint. Each driver is told by its own code, never by words alone;
 * names are taken from places that the values in a message cannot reach.
 *
 * @param database whose error it seems to be, by its shape
 * @param names what the database calls the constraint; empty if the error has no name
 */
record Reported(
        String database, List<String> names, @Nullable String table) {

    private static final String STANDARD_STATE = "23505";

    private static final Set<Integer> MYSQL_CODES = Set.of(1062, 1586);
    private static final Set<Integer> SQLITE_CODES = Set.of(19, 1555, 2067, 2579);
    private static final int SQL_SERVER_CONSTRAINT = 2627;
    private static final int SQL_SERVER_INDEX = 2601;

    /** The name is the last thing quoted in every language, and the value, which may hold anything, stands before it. */
    private static final Pattern MYSQL = Pattern.compile("'([^']*)'[^']*$");

    /** Behind which MariaDB's driver puts the statement, with dumpQueriesOnException. */
    private static final String MARIADB_STATEMENT = "\nQuery is: ";

    /** MySQL's, with the same. */
    private static final String MYSQL_STATEMENT = "\n\nQuery being executed when exception was thrown:\n";

    private static final Pattern SQLITE = Pattern.compile("^\\[SQLITE_CONSTRAINT_(?:UNIQUE|PRIMARYKEY|ROWID)].*?"
            + "\\(UNIQUE constraint failed: (?:index '(.*)'|(.*))\\)$");

    private static final Pattern SQL_SERVER_CONSTRAINTS =
            Pattern.compile("constraint '(.*?)'\\. Cannot insert duplicate key in object '(.*?)'\\.", Pattern.DOTALL);

    private static final Pattern SQL_SERVER_INDEXES =
            Pattern.compile("duplicate key row in object '(.*?)' with unique index '(.*?)'\\.", Pattern.DOTALL);

    private static final Pattern ORACLE =
            Pattern.compile("ORA-00001: [^(]*\\((?:[^.)]+\\.)?([^)]+)\\)(?: violated on table (?:[^. ]+\\.)?(\\S+))?");

    /** What it says, if it is a unique violation. */
    static Optional<Reported> by(SQLException e) {
        String message = Objects.requireNonNullElse(e.getMessage(), "");
        int code = e.getErrorCode();
        if (STANDARD_STATE.equals(e.getSQLState())) {
            // Only H2 repeats the state as its own code.
            return Optional.of(
                    String.valueOf(code).equals(STANDARD_STATE)
                            ? H2Violation.read(message)
                            : PostgresViolation.read(e, message));
        }
        boolean integrity = String.valueOf(e.getSQLState()).startsWith("23");
        if (integrity && MYSQL_CODES.contains(code)) {
            return Optional.of(mysql(message));
        }
        if (integrity && (code == SQL_SERVER_CONSTRAINT || code == SQL_SERVER_INDEX)) {
            return Optional.of(sqlServer(code, message));
        }
        if (code == 1 && message.startsWith("ORA-00001")) {
            return Optional.of(oracle(message));
        }
        return SQLITE_CODES.contains(code) ? sqlite(message) : Optional.empty();
    }

    /** MySQL since 8.0.19 puts the table before the key, MariaDB never does; and each may have dots in a name. */
    private static Reported mysql(String message) {
        // So begins what MariaDB's driver says, which can talk to MySQL too.
        boolean mariaDb = message.startsWith("(conn=");
        String database = mariaDb ? "MariaDB" : "MySQL";
        int statement = message.lastIndexOf(mariaDb ? MARIADB_STATEMENT : MYSQL_STATEMENT);
        Matcher quoted = MYSQL.matcher(statement < 0 ? message : message.substring(0, statement));
        // No name before it: then it is in the value.
        if (!quoted.find() && !quoted.reset(message).find()) {
            return new Reported(database, List.of(), null);
        }
        String name = quoted.group(1);
        int dot = name.indexOf('.');
        if (dot < 0) {
            return new Reported(database, List.of(name), null);
        }
        String behind = name.substring(dot + 1);
        return mariaDb
                ? new Reported(database, List.of(name, behind), null)
                : new Reported(database, List.of(behind, name), name.substring(0, dot));
    }

    private static Optional<Reported> sqlite(String message) {
        Matcher matcher = SQLITE.matcher(message);
        if (!matcher.find()) {
            return Optional.empty();
        }
        String index = matcher.group(1);
        if (index != null) {
            return Optional.of(new Reported("SQLite", List.of(index), null));
        }
        String columns = Objects.requireNonNull(matcher.group(2));
        int dot = columns.indexOf('.');
        return Optional.of(new Reported("SQLite", List.of(columns), dot < 0 ? null : columns.substring(0, dot)));
    }

    private static Reported sqlServer(int code, String message) {
        boolean constraint = code == SQL_SERVER_CONSTRAINT;
        Matcher matcher = (constraint ? SQL_SERVER_CONSTRAINTS : SQL_SERVER_INDEXES).matcher(message);
        if (!matcher.find()) {
            return new Reported("SQL Server", List.of(), null);
        }
        String name = Objects.requireNonNull(matcher.group(constraint ? 1 : 2));
        String table = Objects.requireNonNull(matcher.group(constraint ? 2 : 1));
        return new Reported("SQL Server", List.of(name), table.substring(table.lastIndexOf('.') + 1));
    }

    private static Reported oracle(String message) {
        Matcher matcher = ORACLE.matcher(message);
        List<String> names = new ArrayList<>();
        String table = null;
        if (matcher.find()) {
            names.add(Objects.requireNonNull(matcher.group(1)));
            table = matcher.group(2);
        }
        return new Reported("Oracle", names, table);
    }
}
