package dev.getorcreate.jdbc;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;

/** A connection for the time of one statement of the arbiter: its own, or that of a caller's transaction. */
interface Session extends AutoCloseable {

    Connection connection();

    /** Never throws: the statement has answered already, and that answer is what counts. */
    @Override
    void close();

    /** A statement that is given up after the time-out. To be closed before this session. */
    Timed prepare(String sql) throws SQLException;

    /**
     * That of a caller's transaction, which goes on.
     *
     * @param watched as {@link Dialect#watched}
     */
    record Callers(Connection connection, Duration timeout, boolean watched) implements Session {

        @Override
        public Timed prepare(String sql) throws SQLException {
            return watched
                    ? Timed.watched(connection.prepareStatement(sql), null, timeout)
                    : Timed.byDriver(connection.prepareStatement(sql), timeout);
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
        } catch (SQLException e) {
            System.getLogger(OwnConnection.class.getName()).log(Level.DEBUG, "could not give back: " + what, e);
        }
    }
}
