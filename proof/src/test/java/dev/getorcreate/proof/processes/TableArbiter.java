package dev.getorcreate.proof.processes;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.Optional;
import javax.sql.DataSource;

/** A table {@code (key text, value text)} with a unique key. */
final class TableArbiter implements Arbiter<String, String> {

    private final DataSource source;
    private final String table;

    TableArbiter(DataSource source, String table) {
        this.source = source;
        this.table = table;
    }

    @Override
    public Optional<String> find(String key) {
        String sql = "SELECT value FROM " + table + " WHERE key = ?";
        try (Connection connection = source.getConnection();
                PreparedStatement select = connection.prepareStatement(sql)) {
            select.setString(1, key);
            try (ResultSet rows = select.executeQuery()) {
                return rows.next() ? Optional.of(rows.getString(1)) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    @Override
    public Ruling<String> insert(String key, String candidate) {
        String sql = "INSERT INTO " + table + " (key, value) VALUES (?, ?)";
        try (Connection connection = source.getConnection();
                PreparedStatement insert = connection.prepareStatement(sql)) {
            insert.setString(1, key);
            insert.setString(2, candidate);
            insert.executeUpdate();
            return Ruling.created(candidate);
        } catch (SQLException e) {
            if (!"23505".equals(e.getSQLState())) {
                throw new IllegalStateException(e);
            }
        }
        return Ruling.adopted(find(key).orElseThrow());
    }
}
