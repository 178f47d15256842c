package dev.getorcreate.jdbc;

import java.io.IOException;
import java.sql.SQLException;
import java.sql.SQLNonTransientConnectionException;
import java.sql.SQLRecoverableException;
import java.sql.SQLTransientException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What an {@link SQLException} says about the connection, by the standard's classes of states and JDBC's own. */
final class Failures {

    /** PostgreSQL: ended by an administrator, crash of another session, database dropped or idle too long. */
    private static final Set<String> ENDED = Set.of("57P01", "57P02", "57P04", "57P05");

    /** PostgreSQL: starting up or shutting down; too many connections. */
    private static final Set<String> NOT_NOW = Set.of("57P03", "53300");

    private Failures() {}

    /** Wraps what happened before any statement was sent. */
    static final class NotConnectedException extends SQLException {

        private static final long serialVersionUID = 1L;

        private static final Duration LONG = Duration.ofSeconds(1);

        /** Whether a pool, or whoever gives connections, has waited for one itself, and for long. */
        final boolean waited;

        NotConnectedException(SQLException cause, Duration took) {
            super("no connection", cause.getSQLState(), cause.getErrorCode(), cause);
            waited = took.compareTo(LONG) > 0;
        }
    }

    /**
     * The connection ended under the statement, or nothing is known: whether the statement took effect is unclear. An
     * error that the database itself reported in a session that goes on is clear: it rolled back.
     */
    static boolean connectionLost(SQLException e) {
        if (e.getSQLState() == null) {
            return true;
        }
        for (Throwable each : chain(e)) {
            if (each instanceof IOException || each instanceof SQLRecoverableException) {
                return true;
            }
            if (each instanceof SQLException sql && isLost(sql)) {
                return true;
            }
        }
        return false;
    }

    private static boolean isLost(SQLException e) {
        String state = e.getSQLState();
        return e instanceof SQLNonTransientConnectionException || has(state, "08") || in(state, ENDED);
    }

    /** A failure to connect that passes by itself, unlike a wrong password, a wrong name, or a closed pool. */
    static boolean doesNotAnswer(SQLException e) {
        List<Throwable> chain = chain(e);
        // A pool says 'timed out', and in a cause why: so the definite reasons are looked for first.
        for (Throwable each : chain) {
            if (each instanceof SQLException sql && (has(sql.getSQLState(), "28") || has(sql.getSQLState(), "3D"))) {
                return false;
            }
        }
        for (Throwable each : chain) {
            if (each instanceof IOException || each instanceof SQLTransientException) {
                return true;
            }
            if (each instanceof SQLException sql
                    && (has(sql.getSQLState(), "08")
                            || in(sql.getSQLState(), ENDED)
                            || in(sql.getSQLState(), NOT_NOW))) {
                return true;
            }
        }
        return false;
    }

    /** Whatever was thrown, a lost connection or what passes by itself is in its chain. */
    static boolean passes(Throwable thrown) {
        for (Throwable each : chain(thrown)) {
            if (each instanceof SQLTransientException
                    || each instanceof SQLRecoverableException
                    || (each instanceof SQLException sql && (isLost(sql) || has(sql.getSQLState(), "40")))) {
                return true;
            }
        }
        return false;
    }

    private static boolean has(@Nullable String state, String prefix) {
        return state != null && state.startsWith(prefix);
    }

    private static boolean in(@Nullable String state, Set<String> states) {
        return state != null && states.contains(state);
    }

    private static List<Throwable> chain(Throwable thrown) {
        List<Throwable> chain = new ArrayList<>();
        // The bound is against a cycle of causes.
        for (Throwable each = thrown; each != null && chain.size() < 20; each = each.getCause()) {
            chain.add(each);
        }
        return chain;
    }
}
