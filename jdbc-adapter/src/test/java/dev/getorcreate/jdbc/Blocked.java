package dev.getorcreate.jdbc;

import java.sql.SQLException;
import java.time.Duration;
import javax.sql.DataSource;
import org.awaitility.Awaitility;

/** Statements that wait for somebody else's lock, seen from outside. */
final class Blocked {

    private Blocked() {}

    private static final String WHO = " FROM pg_stat_activity WHERE wait_event_type = 'Lock' AND starts_with(query, ?)";

    /** Blocks until a statement that begins so waits for a lock. */
    static void await(DataSource dataSource, String beginning) {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                .pollInterval(Duration.ofMillis(10))
                .until(() ->
                        Sql.ask(dataSource, "SELECT count(*)" + WHO, beginning).equals("1"));
    }

    /** Ends its session, as an administrator or a failover does. */
    static void terminate(DataSource dataSource, String beginning) throws SQLException {
        Sql.ask(dataSource, "SELECT pg_terminate_backend(pid)" + WHO, beginning);
    }
}
