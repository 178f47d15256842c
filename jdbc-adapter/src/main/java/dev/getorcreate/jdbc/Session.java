package dev.getorcreate.jdbc;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;

/** A connection for the time of one statement of the arbiter: its own, or that of a caller's transaction. */
interface Session extends AutoCloseable {

    Connection connection();

    /** How long a statement may take. */
    Duration timeout();

    /** Never throws: the statement has answered already, and that answer is what counts. */
    @Override
    void close();

    /** A statement that the database gives up after the time-out. To be closed before this session. */
    default Timed prepare(String sql) throws SQLException {
        PreparedStatement statement = connection().prepareStatement(sql);
        try {
            return new Timed(statement, timeout());
        } catch (SQLException | RuntimeException e) {
            quietly("statement", statement::close);
            throw e;
        }
    }

    /** That of a caller's transaction, which goes on. */
    record Callers(Connection connection, Duration timeout) implements Session {
        @Override
        public void close() {}
    }

    /** A statement and the time-out that it had before, which in some drivers is one of the whole connection. */
    final class Timed implements AutoCloseable {

        final PreparedStatement statement;
        private final int before;

        Timed(PreparedStatement statement, Duration timeout) throws SQLException {
            this.statement = statement;
            this.before = statement.getQueryTimeout();
            statement.setQueryTimeout(Math.toIntExact(timeout.plusMillis(999).toSeconds()));
        }

        /** Never throws: the statement has answered already, and that answer is what counts. */
        @Override
        public void close() {
            quietly("statement time-out", () -> statement.setQueryTimeout(before));
            quietly("statement", statement::close);
        }
    }

    /** What may fail when all is done. */
    interface Step {
        void run() throws SQLException;
    }

    static void quietly(String what, Step step) {
        try {
            step.run();
        } catch (SQLException e) {
            System.getLogger(OwnConnection.class.getName()).log(Level.DEBUG, "could not give back: " + what, e);
        }
    }
}
