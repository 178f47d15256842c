package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.WeakHashMap;

/**
 * Whether the server is still the one that takes writes. Where a demoted one keeps its connections, those of a pool would
 * go on to read there what is no longer changed, and it would be published.
 */
final class Primary {

    static final Duration FRESH = Duration.ofSeconds(10);

    /** Or a server that is read-only for a while would be connected to anew all the time. */
    private static final Duration BETWEEN_ABORTS = Duration.ofSeconds(1);

    private final Dialect dialect;

    /** When which of the driver's connections is asked again: a pool may have some to one server and some to another. */
    private final Map<Connection, Long> askAgain = new WeakHashMap<>();

    /** Guarded by this, as the above. */
    private long abortAgain = System.nanoTime();

    Primary(Dialect dialect) {
        this.dialect = dialect;
    }

    /** One that refuses is given up: a pool would give it again, and another one may lead to another server. */
    void require(Session session) throws SQLException {
        if (!dialect.demotesConnections()) {
            return;
        }
        Connection asked = driversOwn(session.connection());
        if (isFresh(asked)) {
            return;
        }
        Optional<String> why = dialect.refusesWrites(session.connection());
        if (why.isEmpty()) {
            note(asked);
            return;
        }
        if (mayAbort()) {
            Session.quietly(
                    "a connection to a replica", () -> session.connection().abort(Runnable::run));
            // Which fails, and by that a pool notices at once.
            Session.quietly(
                    "a connection to a replica", () -> session.connection().clearWarnings());
        }
        SQLException refused = new SQLTransientConnectionException(
                why.get() + "; it was the primary: let the DataSource lead to the new one", "08004");
        throw new NotConnectedException(refused, Duration.ZERO);
    }

    /** A pool that hides it gives another object each time, and that is asked. */
    private static Connection driversOwn(Connection connection) {
        try {
            return connection.unwrap(Connection.class);
        } catch (SQLException e) {
            return connection;
        }
    }

    private synchronized boolean isFresh(Connection asked) {
        Long again = askAgain.get(asked);
        return again != null && System.nanoTime() - again < 0;
    }

    private synchronized void note(Connection asked) {
        askAgain.put(asked, System.nanoTime() + FRESH.toNanos());
    }

    private synchronized boolean mayAbort() {
        long now = System.nanoTime();
        if (now - abortAgain < 0) {
            return false;
        }
        abortAgain = now + BETWEEN_ABORTS.toNanos();
        return true;
    }
}
