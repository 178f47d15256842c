package dev.getorcreate.jdbc;

import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.time.Duration;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A connection of the arbiter's own, in autocommit: what it reads is committed and fresh, what it wrote is committed once
 * it answers. It goes back to its pool as it came: nothing that was set on it stays set.
 */
final class OwnConnection implements Session {

    private static final System.Logger LOG = System.getLogger(OwnConnection.class.getName());

    /** Longer than the statement's own time-out, so that a database that still answers can say that it gave up. */
    static final Duration GRACE = Duration.ofSeconds(2);

    private final Connection connection;
    private final Duration timeout;
    private boolean autoCommitWasOff;
    private @Nullable Integer networkTimeout;

    private OwnConnection(Connection connection, Duration timeout) {
        this.connection = connection;
        this.timeout = timeout;
    }

    /**
     * Takes a connection.
     *
     * @param watched as {@link Dialect#watched}
     * @throws NotConnectedException if there is none; nothing was sent
     */
    static OwnConnection open(DataSource dataSource, Duration timeout, boolean watched) throws NotConnectedException {
        long start = System.nanoTime();
        try {
            OwnConnection own = new OwnConnection(dataSource.getConnection(), timeout);
            try {
                own.prepareSession(watched);
            } catch (Throwable e) {
                own.close();
                throw e;
            }
            return own;
        } catch (SQLException e) {
            throw new NotConnectedException(e, Duration.ofNanos(System.nanoTime() - start));
        }
    }

    private void prepareSession(boolean watched) throws SQLException {
        if (!connection.getAutoCommit()) {
            connection.setAutoCommit(true);
            autoCommitWasOff = true;
        }
        if (watched) {
            // No round trip. But a proxy that takes a connection when it needs one does so here, and not at the INSERT,
            // where nobody could tell an empty pool from a lost connection.
            connection.getMetaData();
        } else {
            setNetworkTimeout();
        }
    }

    private void setNetworkTimeout() throws SQLException {
        // The statement's time-out needs a server that answers; this one also ends the wait for one that is gone.
        try {
            int before = connection.getNetworkTimeout();
            connection.setNetworkTimeout(
                    Runnable::run, Math.toIntExact(timeout.plus(GRACE).toMillis()));
            networkTimeout = before;
        } catch (SQLFeatureNotSupportedException | AbstractMethodError e) {
            LOG.log(Level.DEBUG, "the driver has no network time-out", e);
        }
    }

    @Override
    public Connection connection() {
        return connection;
    }

    @Override
    public Duration timeout() {
        return timeout;
    }

    @Override
    public Connection ours() {
        return connection;
    }

    /** Throws no exception: the statement has answered already, and that answer is what counts. */
    @Override
    public void close() {
        try {
            putBack();
        } finally {
            Session.quietly("connection", connection::close);
        }
    }

    private void putBack() {
        Integer before = networkTimeout;
        if (before != null) {
            Session.quietly("network time-out", () -> connection.setNetworkTimeout(Runnable::run, before));
        }
        if (autoCommitWasOff) {
            Session.quietly("autocommit", () -> connection.setAutoCommit(false));
        }
    }
}
