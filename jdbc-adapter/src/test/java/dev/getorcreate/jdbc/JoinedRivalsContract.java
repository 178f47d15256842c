package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.function.Supplier;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two sessions, each in a transaction of its own, with the same keys; at each level of isolation. */
abstract class JoinedRivalsContract extends JoinedArbiterContract {

    /** The query for a session's own number. */
    abstract String session();

    /** How many sessions wait for a lock on our table. */
    abstract String waiting();

    private String session(Connection connection) throws SQLException {
        try (Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(session())) {
            row.next();
            return row.getString(1);
        }
    }

    void awaitWaiting() {
        Awaitility.await()
                .atMost(Duration.ofSeconds(20))
                // MariaDB shows what it showed before if it is asked more often than every 100 ms.
                .pollInterval(Duration.ofMillis(150))
                .until(() -> !Sql.ask(dataSource, waiting()).equals("0"));
    }

    /** One after the other, of two threads. */
    <T> CompletableFuture<T> inTransaction(int isolation, JdbcTransactions.Work<T> work) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return transactions.run(connection -> {
                    connection.setTransactionIsolation(isolation);
                    return work.run(connection);
                });
            } catch (RuntimeException e) {
                throw e;
            } catch (Exception e) {
                throw new AssertionError(e);
            }
        });
    }

    /** Begins a snapshot, where the level has one. */
    private void look() {
        assertEquals(Optional.empty(), joined.find("nothing"));
    }

    private void printed(String what, int isolation, Connection mine, Connection theirs) throws SQLException {
        String one = session(mine);
        String two = session(theirs);
        assertNotEquals(one, two);
        System.out.printf(
                "%s, %s, isolation %d: sessions %s and %s%n", getClass().getSimpleName(), what, isolation, one, two);
    }

    @ParameterizedTest
    @ValueSource(
            ints = {
                Connection.TRANSACTION_READ_COMMITTED,
                Connection.TRANSACTION_REPEATABLE_READ,
                Connection.TRANSACTION_SERIALIZABLE
            })
    void anUncommittedRivalIsWaitedForAndAfterItsRollbackTheCandidateWins(int isolation) throws Exception {
        try (Connection rival = dataSource.getConnection()) {
            rival.setTransactionIsolation(isolation);
            rival.setAutoCommit(false);
            insert(rival, "a", "theirs");
            CompletableFuture<Ruling<String>> mine = inTransaction(isolation, connection -> {
                printed("rival rolls back", isolation, connection, rival);
                look();
                return joined.insert("a", "mine");
            });
            awaitWaiting();
            rival.rollback();
            assertEquals(Ruling.created("mine"), mine.get(30, SECONDS));
        }
        assertEquals(Optional.of("mine"), own.find("a"));
    }

    @Test
    void anUncommittedRivalIsWaitedForAndItsCommittedRowIsAdopted() throws Exception {
        int isolation = Connection.TRANSACTION_READ_COMMITTED;
        try (Connection rival = dataSource.getConnection()) {
            rival.setAutoCommit(false);
            insert(rival, "a", "theirs");
            CompletableFuture<Ruling<String>> mine = inTransaction(isolation, connection -> {
                printed("rival commits", isolation, connection, rival);
                look();
                Ruling<String> ruling = joined.insert("a", "mine");
                joined.insert("b", "more");
                return ruling;
            });
            awaitWaiting();
            rival.commit();
            assertEquals(Ruling.adopted("theirs"), mine.get(30, SECONDS));
        }
        assertEquals(Optional.of("more"), own.find("b"));
    }

    @Test
    void aRowThatTheSnapshotCannotShowIsAFailureThatSaysRunItAgain() throws Exception {
        aRowIsCommittedAfterTheSnapshot(Connection.TRANSACTION_REPEATABLE_READ);
    }

    final void aRowIsCommittedAfterTheSnapshot(int isolation) throws Exception {
        CompletableFuture<Object> looked = new CompletableFuture<>();
        CompletableFuture<Object> rivalCommitted = new CompletableFuture<>();
        CompletableFuture<Ruling<String>> mine = inTransaction(isolation, connection -> {
            look();
            try (Connection rival = dataSource.getConnection()) {
                printed("rival commits after the snapshot", isolation, connection, rival);
            }
            looked.complete(connection);
            rivalCommitted.get(30, SECONDS);
            return joined.insert("a", "mine");
        });
        looked.get(30, SECONDS);
        own.insert("a", "theirs");
        rivalCommitted.complete("");
        ExecutionException e = assertThrows(ExecutionException.class, () -> mine.get(30, SECONDS));
        ArbiterFailedException told = assertInstanceOf(ArbiterFailedException.class, e.getCause());
        assertTrue(told.getMessage().contains("run it again"), told::getMessage);
        assertTrue(isSerializationFailure((SQLException) told.getCause()), () -> "" + told.getCause());
        assertEquals(
                Optional.of("theirs"),
                inTransaction(isolation, connection -> joined.find("a")).get(30, SECONDS));
    }

    /** As whoever runs transactions again tells it. */
    boolean isSerializationFailure(SQLException e) {
        return "40001".equals(e.getSQLState());
    }

    @Test
    void ofADeadlockOneSideIsToldToRunItsTransactionAgainAndTheOtherGoesOn() throws Exception {
        int isolation = Connection.TRANSACTION_READ_COMMITTED;
        List<CompletableFuture<Object>> begun = List.of(new CompletableFuture<>(), new CompletableFuture<>());
        List<CompletableFuture<Ruling<String>>> both = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            int me = i;
            both.add(inTransaction(isolation, connection -> {
                joined.insert(me == 0 ? "a" : "b", "first of " + me);
                begun.get(me).complete(connection);
                begun.get(1 - me).get(30, SECONDS);
                return joined.insert(me == 0 ? "b" : "a", "second of " + me);
            }));
        }
        int failed = 0;
        for (CompletableFuture<Ruling<String>> each : both) {
            try {
                assertEquals(Ruling.Verdict.CREATED, each.get(60, SECONDS).verdict());
            } catch (ExecutionException e) {
                failed++;
                ArbiterFailedException told = assertInstanceOf(ArbiterFailedException.class, e.getCause());
                assertTrue(told.getMessage().contains("run it again"), told::getMessage);
            }
        }
        assertEquals(1, failed);
        assertEquals("2", rows());
    }

    @Test
    void aLockThatIsNeverGivenUpEndsTheInsertAfterItsTimeout() throws Exception {
        aLockEndsTheInsert(Duration.ofSeconds(1), transactions);
    }

    @Test
    void orWhenTheTransactionMayTakeNoLonger() throws Exception {
        aLockEndsTheInsert(Duration.ofMinutes(2), new Hurried(transactions));
    }

    /** Transactions that have a second left. */
    private record Hurried(CallerTransactions given) implements CallerTransactions {

        @Override
        public @Nullable Connection connection() {
            return given.connection();
        }

        @Override
        public Duration timeLeft() {
            return Duration.ofSeconds(1);
        }

        @Override
        public boolean isActive() {
            return given.isActive();
        }

        @Override
        public Hearer hearer(Object owner, Supplier<Hearer> first) {
            return given.hearer(owner, first);
        }
    }

    private void aLockEndsTheInsert(Duration statementTimeout, CallerTransactions callers) throws Exception {
        JdbcArbiter<String, String> impatient = JdbcArbiter.<String, String>on(dataSource)
                .table(table)
                .key("k", key -> key)
                .columns((row, key, value) -> row.set("v", value))
                .mapper(row -> row.getString("v"))
                .statementTimeout(statementTimeout)
                .transactions(callers)
                .build();
        try (Connection rival = dataSource.getConnection()) {
            rival.setAutoCommit(false);
            insert(rival, "a", "theirs");
            CompletableFuture<Ruling<String>> mine =
                    inTransaction(Connection.TRANSACTION_READ_COMMITTED, connection -> {
                        ArbiterFailedException e = assertThrows(
                                ArbiterFailedException.class,
                                () -> impatient.joined().insert("a", "mine"));
                        assertTrue(e.getMessage().contains("waited that long for a lock"), e::getMessage);
                        return impatient.joined().insert("b", "after");
                    });
            assertEquals(Ruling.created("after"), mine.get(30, SECONDS));
            rival.rollback();
        }
        assertEquals(Optional.empty(), own.find("a"));
        assertEquals(Optional.of("after"), own.find("b"));
    }

    void insert(Connection connection, String key, String value) throws SQLException {
        try (Statement statement = connection.createStatement()) {
            statement.execute("INSERT INTO " + table + "(k, v) VALUES ('" + key + "', '" + value + "')");
        }
    }
}
