package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertAll;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import javax.sql.DataSource;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** MariaDB, by its own driver. */
@Tag("matrix")
class MariaDbArbiterIT extends JdbcArbiterContract {

    @Override
    DataSource dataSource() throws Exception {
        return MariaDb.dataSource();
    }

    @AfterEach
    void dropTable() throws SQLException {
        if (table != null) {
            Sql.run(dataSource, "DROP TABLE IF EXISTS " + table);
        }
    }

    @Override
    String quoted(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    @Override
    String text(String column) {
        return quoted(column) + " VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL";
    }

    @Override
    String foldingText(String column) {
        return quoted(column) + " VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL";
    }

    /** MySQL's own collations do not compare so. */
    @Override
    String padded(int length) {
        return super.padded(length) + " CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci";
    }

    /** Without those that tell of the last statement. */
    @Override
    String sessionSettings() {
        return "SELECT CONCAT(VARIABLE_NAME, '=', VARIABLE_VALUE) FROM information_schema.SESSION_VARIABLES"
                + " WHERE VARIABLE_NAME NOT IN ('TIMESTAMP', 'ERROR_COUNT', 'WARNING_COUNT', 'IN_TRANSACTION',"
                + " 'RAND_SEED1', 'RAND_SEED2', 'LAST_GTID') ORDER BY 1";
    }

    @Override
    String generatedId() {
        return "id BIGINT AUTO_INCREMENT PRIMARY KEY";
    }

    /** MySQL calls a double REAL. */
    @Override
    List<Rounding> roundings() {
        return roundings(new Rounding("DATETIME", TIME, TIME.plusNanos(1_000)), "FLOAT");
    }

    @Override
    void dropSchema(String schema) throws SQLException {
        Sql.run(dataSource, "DROP SCHEMA " + quoted(schema));
    }

    @Test
    void bytesThatTheirColumnWouldFillUpAreRefused() throws Exception {
        finerKeysAreRefused(
                new Rounding("BINARY(3)", new byte[] {1, 2, 0}, new byte[] {1, 2}), "is not of the 3 bytes");
        finerKeysAreRefused(new Rounding("BINARY(3)", "ab ", "ab"), "is not of the 3 bytes");
    }

    @Test
    void aTextThatBecomesAMembersNumberOrAnotherOrderOfThemIsRefused() throws Exception {
        finerKeysAreRefused(new Rounding("ENUM('0', '1', '2')", "1", "3"), "is no member");
        finerKeysAreRefused(new Rounding("ENUM('it''s, 1)', '1')", "it's, 1)", "2"), "is no member");
        finerKeysAreRefused(new Rounding("SET('b', 'a', 'it''s')", "b,it's", "it's,b"), "is not as its column writes");
        finerKeysAreRefused(new Rounding("SET('b', 'a')", "a", "3"), "is not as its column writes");
        finerKeysAreRefused(new Rounding("SET('b', 'a')", "", "a,a"), "is not as its column writes");
    }

    @Test
    void aNumberThatBecomesAYearOrATimeIsRefused() throws Exception {
        finerKeysAreRefused(new Rounding("YEAR", 2026, 26), "is no year");
        finerKeysAreRefused(new Rounding("YEAR", 2026L, true), "is no year");
        finerKeysAreRefused(new Rounding("YEAR", 1901, "2001"), "is text");
        finerKeysAreRefused(new Rounding("DATE", TIME.toLocalDate(), 240101), "is no time");
        finerKeysAreRefused(new Rounding("TIME", TIME.toLocalTime(), 10), "is no time");
        for (String type : List.of("DATETIME", "TIMESTAMP")) {
            finerKeysAreRefused(new Rounding(type, TIME, 20260102030405L), "is no time");
        }
    }

    /** Of MariaDB alone, written otherwise than it may be read; and its bytes. */
    List<Rounding> addresses() {
        byte[] six = {0x20, 1, 0xd, (byte) 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
        return List.of(
                new Rounding("INET6", six, "2001:DB8::1"), new Rounding("INET4", new byte[] {1, 2, 3, 4}, "01.2.3.4"));
    }

    @Test
    void anAddressAsTextIsRefused() {
        assertAll(addresses().stream().map(each -> () -> finerKeysAreRefused(each, "is text")));
    }

    /** The first question that is asked on a connection fails, as one that the server has ended while it lay in a pool. */
    @Test
    void aConnectionThatIsLostBeforeTheInsertLeavesNothingUnclear() throws Exception {
        Entry theirs = new Entry("a", "theirs");
        Entry others = new Entry("b", "others");
        another().insert("a", theirs);
        another().insert("b", others);
        DataSource direct = dataSource;
        try (Interrupted pool = new Interrupted(direct)) {
            dataSource = pool.dataSource();
            Arbiter<String, Entry> arbiter = another();
            pool.failures = 1;
            assertEquals(Ruling.adopted(theirs), arbiter.insert("a", new Entry("a", "mine")));
            pool.failures = 1;
            assertEquals(
                    Map.of("a", Ruling.adopted(theirs), "b", Ruling.adopted(others)),
                    arbiter.insertAll(Map.of("a", new Entry("a", "mine"), "b", new Entry("b", "mine, too"))));
            pool.failures = Integer.MAX_VALUE;
            for (Runnable insert : List.<Runnable>of(
                    () -> arbiter.insert("c", new Entry("c", "mine")),
                    () -> arbiter.insertAll(Map.of("c", new Entry("c", "mine"))))) {
                ArbiterFailedException e = assertThrows(ArbiterFailedException.class, insert::run);
                assertTrue(e.getMessage().contains("nothing was sent"), e::getMessage);
            }
            assertEquals(pool.lent.size(), pool.givenBack);
            pool.error = true;
            assertThrows(AssertionError.class, () -> arbiter.insert("c", new Entry("c", "mine")));
            assertEquals(pool.lent.size(), pool.givenBack);
        } finally {
            dataSource = direct;
        }
    }

    /** Gives connections whose plain statements fail. */
    private static final class Interrupted implements AutoCloseable {

        private final DataSource database;
        private int failures;
        private boolean error;
        private final List<Connection> lent = new ArrayList<>();
        private int givenBack;

        Interrupted(DataSource database) {
            this.database = database;
        }

        DataSource dataSource() {
            return Pool.of(this::lend, () -> givenBack++);
        }

        private Connection lend() throws SQLException {
            Connection connection = database.getConnection();
            lent.add(connection);
            return (Connection) Proxy.newProxyInstance(
                    getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                        if (method.getName().equals("createStatement") && failures > 0) {
                            failures--;
                            connection.close();
                            if (error) {
                                throw new AssertionError("as a driver's");
                            }
                            throw new SQLException("as if: ended", "08S01");
                        }
                        try {
                            return method.invoke(connection, arguments);
                        } catch (InvocationTargetException e) {
                            throw e.getCause();
                        }
                    });
        }

        @Override
        public void close() throws SQLException {
            for (Connection each : lent) {
                each.close();
            }
        }
    }

    private void insertUncommitted(Connection other) throws SQLException {
        other.setAutoCommit(false);
        try (Statement statement = other.createStatement()) {
            statement.execute("INSERT INTO " + table + "(`key`, `value`) VALUES ('a', 'theirs')");
        }
    }

    /** The session that waits for a lock on our table. */
    private String waiting() {
        return Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                // Looked at more often than every 100 ms, the server shows what it showed before.
                .pollInterval(Duration.ofMillis(150))
                .until(() -> Sql.ask(dataSource(), who()), Objects::nonNull);
    }

    String who() {
        return "SELECT MAX(t.trx_mysql_thread_id) FROM information_schema.INNODB_TRX t"
                + " JOIN information_schema.PROCESSLIST p ON p.ID = t.trx_mysql_thread_id"
                + " WHERE t.trx_state = 'LOCK WAIT' AND t.trx_query LIKE '%" + table + "%'";
    }

    @Test
    void anUnfinishedInsertOfARivalIsWaitedForAndItsRowAdopted() throws Exception {
        try (Connection other = dataSource.getConnection()) {
            insertUncommitted(other);
            CompletableFuture<Ruling<Entry>> mine =
                    CompletableFuture.supplyAsync(() -> another().insert("a", new Entry("a", "mine")));
            waiting();
            other.commit();
            assertEquals(Ruling.adopted(new Entry("a", "theirs")), mine.get(30, SECONDS));
        }
    }

    String timedOut() {
        return "waited that long for a lock";
    }

    @Test
    void aLockThatIsNeverGivenUpEndsTheInsertAfterItsTimeoutAndWritesNothing() throws Exception {
        try (Connection other = dataSource.getConnection()) {
            insertUncommitted(other);
            Arbiter<String, Entry> impatient =
                    builder().statementTimeout(Duration.ofSeconds(1)).build();
            ArbiterFailedException e =
                    assertThrows(ArbiterFailedException.class, () -> impatient.insert("a", new Entry("a", "mine")));
            assertTrue(e.getMessage().contains(timedOut()), e::getMessage);
            other.rollback();
        }
        assertEquals(0, rows("a"));
    }

    @Test
    void aSessionThatIsKilledWhileItWaitsReadsTheRivalsRowOrInsertsAgain() throws Exception {
        for (boolean rivalCommits : new boolean[] {true, false}) {
            Sql.run(dataSource, "DELETE FROM " + table);
            try (Connection other = dataSource.getConnection()) {
                insertUncommitted(other);
                CompletableFuture<Ruling<Entry>> mine =
                        CompletableFuture.supplyAsync(() -> another().insert("a", new Entry("a", "mine")));
                Sql.run(dataSource(), "KILL CONNECTION " + waiting());
                if (rivalCommits) {
                    other.commit();
                } else {
                    other.rollback();
                }
                Ruling<Entry> ruling = mine.get(30, SECONDS);
                String winner = ruling.winner().value() + " " + ruling.verdict();
                // Killed before the rival ended, the row may be read back before, or after.
                Set<String> right =
                        rivalCommits ? Set.of("theirs RECOVERED", "theirs ADOPTED") : Set.of("mine CREATED");
                assertTrue(right.contains(winner), winner);
            }
            assertEquals(1, rows("a"));
        }
    }

    /** Its connections live on; the user here may write all the same. */
    @Test
    void aPrimaryThatBecameAReplicaIsNeitherReadNorWritten() throws Exception {
        Arbiter<String, Entry> arbiter = another();
        Entry mine = new Entry("a", "1");
        assertEquals(Ruling.created(mine), arbiter.insert("a", mine));
        Awaitility.await()
                .pollDelay(Primary.FRESH)
                .atMost(Primary.FRESH.multipliedBy(2))
                .until(() -> true);
        Sql.run(dataSource, "SET GLOBAL read_only = 1");
        try {
            for (Runnable call : List.<Runnable>of(
                    () -> arbiter.find("a"),
                    () -> arbiter.findAll(List.of("a")),
                    () -> arbiter.insert("b", new Entry("b", "1")),
                    () -> arbiter.insertAll(Map.of("b", new Entry("b", "1"))))) {
                ArbiterFailedException e = assertThrows(ArbiterFailedException.class, call::run);
                assertTrue(e.getMessage().contains("no connection"), e::getMessage);
                String why = e.getCause().getCause().getMessage();
                assertTrue(why.contains("this server is read-only"), why);
            }
        } finally {
            Sql.run(dataSource, "SET GLOBAL read_only = 0");
        }
        assertEquals(0, rows("b"));
        assertEquals(Optional.of(mine), arbiter.find("a"));
    }

    @Test
    void deadlocksAndLockTimeoutsAreTriedAgain() throws Exception {
        String calls = "calls_" + table;
        Sql.run(
                dataSource,
                // This engine keeps its count when the insert is rolled back.
                "CREATE TABLE " + calls + "(n INT) ENGINE=MyISAM",
                "INSERT INTO " + calls + " VALUES (0)",
                "CREATE TRIGGER on_" + table + " BEFORE INSERT ON " + table + " FOR EACH ROW BEGIN"
                        + " UPDATE " + calls + " SET n = n + 1;"
                        + " IF (SELECT n FROM " + calls
                        + ") = 1 THEN SIGNAL SQLSTATE '40001' SET MYSQL_ERRNO = 1213; END IF;"
                        + " IF (SELECT n FROM " + calls
                        + ") = 2 THEN SIGNAL SQLSTATE 'HY000' SET MYSQL_ERRNO = 1205; END IF;"
                        + " END");
        Entry mine = new Entry("a", "1");
        assertEquals(Ruling.created(mine), another().insert("a", mine));
        assertEquals("3", Sql.ask(dataSource, "SELECT n FROM " + calls));
        Sql.run(dataSource, "DROP TABLE " + calls);
    }
}
