package dev.getorcreate.jdbc;

import dev.getorcreate.Arbiter;
import dev.getorcreate.testkit.ArbiterContract;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.util.NoSuchElementException;
import java.util.Optional;
import javax.sql.DataSource;

/** Somebody's own repository, by {@link Arbiter#of} and {@link UniqueViolation#of}. */
class RepositoryArbiterTest extends ArbiterContract {

    private DataSource dataSource;

    @Override
    protected Arbiter<String, Entry> freshArbiter() throws Exception {
        dataSource = H2.fresh();
        Sql.run(
                dataSource,
                "CREATE TABLE users(name VARCHAR(100), email VARCHAR(100))",
                "ALTER TABLE users ADD CONSTRAINT uq_users_name UNIQUE (name)",
                "ALTER TABLE users ADD CONSTRAINT uq_users_email UNIQUE (email)");
        return another();
    }

    @Override
    protected Arbiter<String, Entry> another() {
        return Arbiter.of(this::find, this::save, UniqueViolation.of("uq_users_name"));
    }

    Optional<Entry> find(String name) {
        if (name == null) {
            throw new NoSuchElementException("a name is needed");
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT email FROM users WHERE name = ?")) {
            select.setString(1, name);
            try (ResultSet row = select.executeQuery()) {
                return row.next() ? Optional.of(new Entry(name, row.getString(1))) : Optional.empty();
            }
        } catch (SQLException e) {
            throw new RepositoryException(e);
        }
    }

    Entry save(String name, Entry entry) {
        if (name == null) {
            throw new NoSuchElementException("a name is needed");
        }
        try (Connection connection = dataSource.getConnection();
                PreparedStatement insert = connection.prepareStatement("INSERT INTO users VALUES (?, ?)")) {
            insert.setString(1, name);
            insert.setString(2, entry.value());
            insert.executeUpdate();
            return entry;
        } catch (SQLException e) {
            throw new RepositoryException(e);
        }
    }

    /** As frameworks wrap. */
    private static final class RepositoryException extends RuntimeException {
        RepositoryException(SQLException cause) {
            super("could not ask", cause);
        }
    }

    @Override
    protected int rows(String key) throws Exception {
        return Integer.parseInt(Sql.ask(dataSource, "SELECT count(*) FROM users WHERE name = ?", key));
    }

    @Override
    protected void delete(String key) throws Exception {
        Sql.run(dataSource, "DELETE FROM users WHERE name = '" + key + "'");
    }
}
