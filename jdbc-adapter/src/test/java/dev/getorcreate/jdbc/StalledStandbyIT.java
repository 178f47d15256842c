package dev.getorcreate.jdbc;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.testkit.OwnPostgres;
import dev.getorcreate.testkit.Servers;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A commit that waits for a standby which does not answer: a failover may lose it, and nobody may be shown it. */
class StalledStandbyIT {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** Of three statements with the grace of each, and as much again for a machine whose cores are all taken. */
    private static final Duration AT_MOST = TIMEOUT.plusSeconds(2).multipliedBy(6);

    private final AtomicInteger probes = new AtomicInteger();
    private OwnPostgres postgres;
    private DataSource dataSource;

    @BeforeEach
    void start() throws Exception {
        postgres = Servers.need("PostgreSQL", OwnPostgres::start);
        dataSource = postgres.dataSource();
        Sql.run(dataSource, "CREATE TABLE records(key text PRIMARY KEY)", "CREATE TABLE probes(number int)");
    }

    @AfterEach
    void stop() {
        if (postgres != null) {
            postgres.close();
        }
    }

    private JdbcArbiter<String, String> build() {
        return JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("key", key -> key)
                .mapper(row -> row.getString("key"))
                .statementTimeout(TIMEOUT)
                .build();
    }

    private void commitsWaitForNobody() throws Exception {
        Sql.run(dataSource, "ALTER SYSTEM SET synchronous_standby_names = 'nobody'", "SELECT pg_reload_conf()");
        await().atMost(Duration.ofSeconds(30)).until(this::aCancelledCommitWasWaiting);
    }

    /** What cancelling does to it, here by the driver's own time-out: success, and a warning. */
    private boolean aCancelledCommitWasWaiting() throws SQLException {
        try (Connection connection = dataSource.getConnection();
                Statement statement = connection.createStatement()) {
            statement.setQueryTimeout(1);
            statement.execute("INSERT INTO probes VALUES (" + probes.incrementAndGet() + ")");
            return statement.getWarnings() != null;
        }
    }

    private void commitsWaitNoMore() throws SQLException {
        Sql.run(dataSource, "ALTER SYSTEM RESET synchronous_standby_names", "SELECT pg_reload_conf()");
    }

    private String rows() throws SQLException {
        return Sql.ask(dataSource, "SELECT count(*) FROM records");
    }

    private static void assertUnclear(Runnable insert) {
        long start = System.nanoTime();
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, insert::run);
        assertTrue(e.getMessage().contains("whether it took effect"), e::getMessage);
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(AT_MOST) <= 0, took::toString);
    }

    @Test
    void anInsertThatWaitsForItIsUnclearAndItsRowSeenByNobodyBeforeItIsThere() throws Exception {
        commitsWaitForNobody();
        JdbcArbiter<String, String> arbiter = build();
        assertUnclear(() -> arbiter.insert("a", ""));
        assertEquals(Optional.empty(), arbiter.find("a"));
        assertUnclear(() -> arbiter.insertAll(Map.of("b", "", "c", "")));
        assertEquals("0", rows());
        commitsWaitNoMore();
        await().until(() -> arbiter.find("a").isPresent());
        assertEquals(Ruling.adopted("a"), arbiter.insert("a", ""));
    }

    /** As Patroni does when a standby comes. */
    @Test
    void aSettingThatIsReloadedIsSeen() throws Exception {
        JdbcArbiter<String, String> arbiter = build();
        assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
        commitsWaitForNobody();
        await().pollDelay(Standbys.FRESH).atMost(Standbys.FRESH.multipliedBy(2)).until(() -> true);
        assertUnclear(() -> arbiter.insert("b", ""));
        assertEquals("1", rows());
    }
}
