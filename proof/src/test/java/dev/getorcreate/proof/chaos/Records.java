package dev.getorcreate.proof.chaos;

import dev.getorcreate.proof.processes.SmallPool;
import java.io.IOException;
import java.io.Writer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * The tables: {@code records} of the cache, {@code naive} of the control. Each statement commits by itself. Nothing is ever
 * deleted: the checker relies on that.
 */
final class Records {

    static final String TABLE = "records";
    static final String NAIVE = "naive";

    private static final int CONNECTIONS = 6;

    private final DataSource pool;
    private final String table;

    private Records(DataSource pool, String table) {
        this.pool = pool;
        this.table = table;
    }

    static DataSource pool(String jdbc) {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbc);
        return SmallPool.of(source, CONNECTIONS);
    }

    static Records in(DataSource pool, String table) {
        return new Records(pool, table);
    }

    void create(boolean unique) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE " + table + " (seq bigint GENERATED ALWAYS AS IDENTITY, key text NOT NULL,"
                    + " identity text NOT NULL, version int NOT NULL DEFAULT 1)");
            statement.execute(
                    unique
                            ? "ALTER TABLE " + table + " ADD CONSTRAINT " + table + "_key UNIQUE (key)"
                            : "CREATE INDEX ON " + table + " (key)");
        }
    }

    /** The oldest row of the key, or null. */
    @Nullable
    Value find(String key) throws SQLException {
        return one("SELECT key, identity, version FROM " + table + " WHERE key = ? ORDER BY seq LIMIT 1", key);
    }

    Value insert(String key, String identity) throws SQLException {
        Value row = one(
                "INSERT INTO " + table + " (key, identity) VALUES (?, ?) RETURNING key, identity, version",
                key,
                identity);
        if (row == null) {
            throw new SQLException("an insert gave no row");
        }
        return row;
    }

    /** A new version of the key's oldest row; null if there is none. */
    @Nullable
    Value change(String key) throws SQLException {
        return one(
                "UPDATE " + table + " SET version = version + 1 WHERE seq = (SELECT min(seq) FROM " + table
                        + " WHERE key = ?) RETURNING key, identity, version",
                key);
    }

    private @Nullable Value one(String sql, String... parameters) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement statement = connection.prepareStatement(sql)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            try (ResultSet row = statement.executeQuery()) {
                return row.next() ? value(row) : null;
            }
        }
    }

    static Value value(ResultSet row) throws SQLException {
        return new Value(row.getString("key"), row.getString("identity"), row.getInt("version"));
    }

    /** All rows but those of the warm-up, the oldest first, and a line that says that they are all. */
    void writeTo(Path file) throws SQLException, IOException {
        try (Connection connection = pool.getConnection();
                Writer out = Files.newBufferedWriter(file)) {
            // Or the driver would take all of them at once, whatever the fetch size.
            connection.setAutoCommit(false);
            try (PreparedStatement statement = connection.prepareStatement("SELECT key, identity, version FROM " + table
                    + " WHERE key NOT LIKE '" + Player.WARM_UP + "%' ORDER BY seq")) {
                statement.setFetchSize(1000);
                try (ResultSet row = statement.executeQuery()) {
                    while (row.next()) {
                        out.append(value(row).toString()).append('\n');
                    }
                }
            }
            connection.setAutoCommit(true);
            out.append(History.END + "\n");
        }
    }
}
