package dev.getorcreate.jdbc;

import java.sql.SQLException;
import java.time.Duration;

/**
 * Whether a commit waits for a standby. An INSERT that does so is committed here, and to cancel it only ends the waiting:
 * PostgreSQL then answers as if all were well, everybody sees the row, and a failover may lose it.
 */
final class Standbys {

    /** The setting is reloaded while the server runs, by some managers all the time; after a failover it is another's. */
    static final Duration FRESH = Duration.ofSeconds(10);

    private final Dialect dialect;
    /** Guard: volatile, as the next one; written by whoever looks, and the last one knows best. */
    private volatile boolean awaited;

    private volatile long outdated;

    Standbys(Dialect dialect, Session session) throws SQLException {
        this.dialect = dialect;
        look(session);
    }

    private void look(Session session) throws SQLException {
        awaited = dialect.awaitsStandbys(session);
        outdated = System.nanoTime() + FRESH.toNanos();
    }

    /** Before an INSERT that commits, if what was seen is old. */
    void lookAgain(Session session) throws SQLException {
        if (System.nanoTime() - outdated >= 0) {
            look(session);
        }
    }

    /** An INSERT. Within a caller's transaction it commits nothing. */
    Timed prepareInsert(Session session, String sql) throws SQLException {
        Timed insert = session.prepare(sql, dialect.watched());
        return session.ours() != null && awaited ? insert.uncancelled() : insert;
    }
}
