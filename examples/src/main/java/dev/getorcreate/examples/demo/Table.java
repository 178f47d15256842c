package dev.getorcreate.examples.demo;

import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** The table {@code records} of one run, in a schema of its own; what the parent does with it. */
final class Table {

    /** A row: its number in the order of inserts, and its record. */
    record Row(long id, String body) {
        long fingerprint() {
            return Names.fingerprint(body);
        }
    }

    private final String url;
    private final String schema;

    Table(String url, String schema) {
        this.url = url;
        this.schema = schema;
    }

    void create(boolean unique) throws SQLException {
        run(
                "CREATE SCHEMA " + schema,
                "CREATE TABLE " + schema + ".records (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                        + " key text NOT NULL, body text NOT NULL)");
        if (unique) {
            run("ALTER TABLE " + schema + ".records ADD CONSTRAINT uq_records_key UNIQUE (key)");
        } else {
            // Without an index the naive code's table would not be slower, since nobody reads it; it is here for
            // people.
            run("CREATE INDEX ON " + schema + ".records (key)");
        }
    }

    /** Removes what the warm-up wrote; to be called before the traffic begins. */
    void forgetWarmUp() throws SQLException {
        run("TRUNCATE " + schema + ".records RESTART IDENTITY");
    }

    /** All rows, by the number of their key, the oldest first. */
    Map<Integer, List<Row>> rows() throws SQLException {
        Map<Integer, List<Row>> rows = new TreeMap<>();
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement();
                ResultSet result =
                        statement.executeQuery("SELECT id, key, body FROM " + schema + ".records ORDER BY id")) {
            while (result.next()) {
                rows.computeIfAbsent(Names.number(result.getString(2)), key -> new ArrayList<>())
                        .add(new Row(result.getLong(1), result.getString(3)));
            }
        }
        return rows;
    }

    void drop() throws SQLException {
        run("DROP SCHEMA IF EXISTS " + schema + " CASCADE");
    }

    private void run(String... statements) throws SQLException {
        try (Connection connection = DriverManager.getConnection(url);
                Statement statement = connection.createStatement()) {
            for (String sql : statements) {
                statement.execute(sql);
            }
        }
    }
}
