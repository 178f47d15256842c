package dev.getorcreate.jdbc;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A connection for the time of one statement of the arbiter: its own, or that of a caller's transaction. */
interface Session extends AutoCloseable {

    Connection connection();

    /** How long a statement may take. */
    Duration timeout();

    /** Never throws: the statement has answered already, and that answer is what counts. */
    @Override
    void close();

    /** What may be given up where a statement is overdue; null: it is a caller's, and stays. */
    @Nullable
    Connection ours();

    /**
     * A statement that is given up after the time-out. To be closed before this session.
     *
     * @param watched as {@link Dialect#watched}
     */
    default Timed prepare(String sql, boolean watched) throws SQLException {
        PreparedStatement statement = connection().prepareStatement(sql);
        if (watched) {
            return Timed.watched(statement, ours(), timeout());
        }
        try {
            return Timed.byDriver(statement, timeout());
        } catch (SQLException | RuntimeException e) {
            quietly("statement", statement::close);
            throw e;
        }
    }

    /** That of a caller's transaction, which goes on. */
    record Callers(Connection connection, Duration timeout) implements Session {

        @Override
        public @Nullable Connection ours() {
            return null;
        }

        @Override
        public void close() {}
    }

    /** What may fail when all is done. */
    interface Step {
        void run() throws SQLException;
    }

    static void quietly(String what, Step step) {
        try {
            step.run();
        } catch (SQLException | RuntimeException e) {
            System.getLogger(OwnConnection.class.getName()).log(Level.DEBUG, "could not give back: " + what, e);
        }
    }
}
