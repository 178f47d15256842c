package dev.getorcreate.bench;

import dev.getorcreate.Creator;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Find, insert, catch, read back: as one writes it by hand who knows how, without time-outs, checks and retries. */
final class HandWritten {

    private static final String UNIQUE_VIOLATION = "23505";

    private final DataSource dataSource;

    HandWritten(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    static void createTable(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("CREATE TABLE records(id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,"
                    + " key text NOT NULL UNIQUE, value text NOT NULL)");
        }
    }

    Row getOrCreate(String key, Creator<String, String> creator) throws Exception {
        Row found = find(key);
        if (found != null) {
            return found;
        }
        String value = creator.create(key);
        try {
            return insert(key, value);
        } catch (SQLException e) {
            if (!UNIQUE_VIOLATION.equals(e.getSQLState())) {
                throw e;
            }
            Row winner = find(key);
            if (winner == null) {
                throw e;
            }
            return winner;
        }
    }

    private @Nullable Row find(String key) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT * FROM records WHERE key = ?")) {
            select.setString(1, key);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Row.of(row) : null;
            }
        }
    }

    private Row insert(String key, String value) throws SQLException {
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO records (key, value) VALUES (?, ?) RETURNING *")) {
            insert.setString(1, key);
            insert.setString(2, value);
            try (ResultSet row = insert.executeQuery()) {
                row.next();
                return Row.of(row);
            }
        }
    }

    /** A row of the table. */
    record Row(long id, String key, String value) {
        static Row of(ResultSet row) throws SQLException {
            return new Row(row.getLong("id"), row.getString("key"), row.getString("value"));
        }
    }
}
