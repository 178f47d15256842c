package dev.getorcreate.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.getorcreate.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import javax.sql.DataSource;

/** One process's pool of connections to the table that all processes share, with a count of what it is asked. */
final class TroubleDatabase implements AutoCloseable {

    /** In place of a URL. */
    static final String NONE = "-";

    private static final int POOL = 16;

    final CountedStatements counted = new CountedStatements();
    private final HikariDataSource pool;

    TroubleDatabase(String jdbcUrl) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(jdbcUrl);
        config.setMaximumPoolSize(POOL);
        pool = new HikariDataSource(config);
    }

    static void create(PostgresServer server) throws SQLException {
        try (Connection connection = server.dataSource().getConnection()) {
            HandWritten.createTable(connection);
        }
    }

    DataSource dataSource() {
        return counted.watched(pool);
    }

    /** Not counted. */
    Map<String, String> rows(String prefix) throws SQLException {
        Map<String, String> rows = new HashMap<>();
        try (Connection connection = pool.getConnection();
                PreparedStatement select =
                        connection.prepareStatement("SELECT key, value FROM records WHERE starts_with(key, ?)")) {
            select.setString(1, prefix);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    rows.put(row.getString(1), row.getString(2));
                }
            }
        }
        return rows;
    }

    /** What stands under the key, read through a connection of its own. */
    static List<String> rowsOf(String key, String jdbcUrl) {
        List<String> values = new ArrayList<>();
        try (Connection connection = DriverManager.getConnection(jdbcUrl);
                PreparedStatement select = connection.prepareStatement("SELECT value FROM records WHERE key = ?")) {
            select.setString(1, key);
            try (ResultSet row = select.executeQuery()) {
                while (row.next()) {
                    values.add(row.getString(1));
                }
            }
        } catch (SQLException e) {
            throw new IllegalStateException("cannot read the row of '" + key + "'", e);
        }
        return values;
    }

    @Override
    public void close() {
        pool.close();
    }
}
