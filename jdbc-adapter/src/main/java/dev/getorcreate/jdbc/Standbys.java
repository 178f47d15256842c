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

    private volatile long lookAgain;

    Standbys(Dialect dialect, Session session) throws SQLException {
        this.dialect = dialect;
        look(session);
    }

    private void look(Session session) throws SQLException {
        awaited = dialect.awaitsStandbys(session);
        lookAgain = System.nanoTime() + FRESH.toNanos();
    }

    /** An INSERT. Within a caller's transaction it commits nothing. */
    Timed prepareInsert(Session session, String sql) throws SQLException {
        boolean commits = session.ours() != null;
        if (commits && System.nanoTime() - lookAgain >= 0) {
            look(session);
        }
        Timed insert = session.prepare(sql, dialect.watched());
        return commits && awaited ? insert.uncancelled() : insert;
    }
}
