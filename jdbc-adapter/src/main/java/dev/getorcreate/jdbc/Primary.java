package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.time.Duration;
import java.util.Optional;

/**
 * Whether the server is still the one that takes writes. Where a demoted one keeps its connections, those of a pool would
 * go on to read there what is no longer changed, and it would be published.
 */
final class Primary {

    static final Duration FRESH = Duration.ofSeconds(10);

    private final Dialect dialect;
    /** Volatile: written by whoever asked. */
    private volatile long askAgain = System.nanoTime() + FRESH.toNanos();

    /** It was asked just now. */
    Primary(Dialect dialect) {
        this.dialect = dialect;
    }

    /** While it refuses, each session asks: the next one may lead to another server. */
    void require(Session session) throws SQLException {
        if (!dialect.demotesConnections() || System.nanoTime() - askAgain < 0) {
            return;
        }
        Optional<String> why = dialect.refusesWrites(session.connection());
        if (why.isPresent()) {
            SQLException refused = new SQLTransientConnectionException(
                    why.get() + "; it was the primary: let the DataSource lead to the new one", "08004");
            throw new NotConnectedException(refused, Duration.ZERO);
        }
        askAgain = System.nanoTime() + FRESH.toNanos();
    }
}
