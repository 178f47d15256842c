package dev.getorcreate.jdbc;

import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** A statement with a time-out, by its driver or by the {@link Watchdog}. */
final class Timed implements AutoCloseable {

    private static final int NONE = -1;

    final PreparedStatement statement;
    private final @Nullable Connection ours;
    private final Duration timeout;

    /** The driver's time-out before ours, in some of them one of the whole connection; {@link #NONE}: it is watched. */
    private final int before;

    private boolean cancels = true;

    private Timed(PreparedStatement statement, @Nullable Connection ours, Duration timeout, int before) {
        this.statement = statement;
        this.ours = ours;
        this.timeout = timeout;
        this.before = before;
    }

    static Timed byDriver(PreparedStatement statement, Duration timeout) throws SQLException {
        int before = statement.getQueryTimeout();
        statement.setQueryTimeout(Math.toIntExact(timeout.plusMillis(999).toSeconds()));
        return new Timed(statement, null, timeout, before);
    }

    /** As {@link Watchdog#watch}. */
    static Timed watched(PreparedStatement statement, @Nullable Connection ours, Duration timeout) {
        return new Timed(statement, ours, timeout, NONE);
    }

    /** One that is watched: where it is overdue its connection is given up, and it is not cancelled before. */
    Timed uncancelled() {
        cancels = false;
        return this;
    }

    ResultSet executeQuery() throws SQLException {
        if (before != NONE) {
            return statement.executeQuery();
        }
        Watchdog.Watch watch = Watchdog.SHARED.watch(statement, ours, timeout, cancels);
        try {
            return statement.executeQuery();
        } finally {
            watch.close();
        }
    }

    boolean execute() throws SQLException {
        if (before != NONE) {
            return statement.execute();
        }
        Watchdog.Watch watch = Watchdog.SHARED.watch(statement, ours, timeout, cancels);
        try {
            return statement.execute();
        } finally {
            watch.close();
        }
    }

    /** Never throws: the statement has answered already, and that answer is what counts. */
    @Override
    public void close() {
        if (before != NONE) {
            Session.quietly("statement time-out", () -> statement.setQueryTimeout(before));
        }
        Session.quietly("statement", statement::close);
    }
}
