package dev.getorcreate.examples.demo;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A worker's way to the table. */
final class Records implements AutoCloseable {

    private final HikariDataSource pool;

    Records(Job job) {
        HikariConfig config = new HikariConfig();
        config.setJdbcUrl(job.postgresUrl());
        config.addDataSourceProperty("currentSchema", job.namespace());
        config.setMaximumPoolSize(job.connections());
        config.setPoolName(job.namespace());
        this.pool = new HikariDataSource(config);
    }

    DataSource dataSource() {
        return pool;
    }

    /** A plain insert in autocommit. */
    void insert(String key, String body) throws SQLException {
        try (Connection connection = pool.getConnection();
                PreparedStatement insert =
                        connection.prepareStatement("INSERT INTO records (key, body) VALUES (?, ?)")) {
            insert.setString(1, key);
            insert.setString(2, body);
            insert.executeUpdate();
        }
    }

    @Override
    public void close() {
        pool.close();
    }
}
