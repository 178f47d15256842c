package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.testkit.TcpProxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.UUID;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A connection on which nothing comes any more, and nobody says so; and a statement that takes too long. */
abstract class SilentDatabaseContract {

    private static final Duration TIMEOUT = Duration.ofSeconds(1);

    /** The grace that a server has to say that it gave up; and as much again for a machine whose cores are all taken. */
    private static final Duration AT_MOST = TIMEOUT.plusSeconds(2).plusSeconds(5);

    private final String table = "silent_" + UUID.randomUUID().toString().replace("-", "");
    private TcpProxy way;
    private Connection pooled;
    private boolean hostIsGone;

    /** The connection falls silent when it is lent so many times more. */
    private int lendings;

    private JdbcArbiter<String, String> arbiter;

    abstract TcpProxy proxy();

    abstract DataSource direct();

    abstract DataSource through(TcpProxy proxy);

    @BeforeEach
    void connect() throws SQLException {
        Sql.run(direct(), "CREATE TABLE " + table + "(name VARCHAR(20) PRIMARY KEY, mark VARCHAR(20) UNIQUE)");
        way = proxy();
        DataSource source = through(way);
        pooled = source.getConnection();
        // As a pool does: the same one again, and another where that is gone.
        arbiter = JdbcArbiter.<String, String>on(Pool.of(() -> {
                    if (--lendings == 0) {
                        fallSilent();
                    }
                    if (hostIsGone && pooled.isClosed()) {
                        throw new SQLException("as a pool's: timed out", "08001");
                    }
                    return pooled.isClosed() ? source.getConnection() : pooled;
                }))
                .table(table)
                .key("name", name -> name)
                .columns((row, name, mark) -> row.set("mark", mark))
                .mapper(row -> row.getString("name"))
                .statementTimeout(TIMEOUT)
                .build();
        assertEquals(Ruling.created("known"), arbiter.insert("known", "known"));
    }

    @AfterEach
    void drop() throws SQLException {
        if (way != null) {
            way.close();
            Sql.run(direct(), "DROP TABLE " + table);
        }
    }

    private void fallSilent() {
        assertEquals(1, way.connections().size());
        way.connections().get(0).blackHole(true);
    }

    private interface Question<T> {
        T ask() throws Exception;
    }

    private static <T> T inTime(Question<T> question) throws Exception {
        long start = System.nanoTime();
        T answer = question.ask();
        Duration took = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(took.compareTo(TIMEOUT) >= 0, () -> "it was not silent: " + took);
        assertTrue(took.compareTo(AT_MOST) <= 0, took::toString);
        return answer;
    }

    @Test
    void aSilentConnectionIsGivenUpAndAnotherOneAsked() throws Exception {
        fallSilent();
        assertEquals(Optional.of("known"), inTime(() -> arbiter.find("known")));
        assertTrue(pooled.isClosed(), "a pool must not lend it again");
    }

    @Test
    void anInsertIntoASilentConnectionIsMadeAgain() throws Exception {
        fallSilent();
        assertEquals(Ruling.created("new"), inTime(() -> arbiter.insert("new", "new")));
        assertEquals("1", Sql.ask(direct(), "SELECT count(*) FROM " + table + " WHERE name = 'new'"));
    }

    /** Then the question to cancel is not answered either. */
    @Test
    void aHostThatIsSilentToNewConnectionsTooHoldsACallerNoLonger() throws Exception {
        way.blackHole(true);
        hostIsGone = true;
        ArbiterFailedException e =
                inTime(() -> assertThrows(ArbiterFailedException.class, () -> arbiter.insert("new", "new")));
        assertTrue(e.getMessage().contains("whether it took effect"), e::getMessage);
        assertTrue(pooled.isClosed(), "a pool must not lend it again");
    }

    /** Then it is asked whether the constraint is the key's: for the third time, after the insert and the reading back. */
    @Test
    void aConnectionThatFallsSilentAfterAConflictHoldsACallerNoLonger() throws Exception {
        lendings = 3;
        ArbiterFailedException e = inTime(() -> assertTimeoutPreemptively(
                AT_MOST, () -> assertThrows(ArbiterFailedException.class, () -> arbiter.insert("new", "known"))));
        assertTrue(e.getMessage().contains("look-up of constraints"), e::getMessage);
        assertTrue(pooled.isClosed(), "a pool must not lend it again");
    }

    @Test
    void aStatementThatTakesTooLongIsCancelledAndItsConnectionGoesOn() throws Exception {
        try (Connection other = direct().getConnection();
                Statement statement = other.createStatement()) {
            other.setAutoCommit(false);
            statement.execute("INSERT INTO " + table + " VALUES ('locked', 'theirs')");
            ArbiterFailedException e =
                    inTime(() -> assertThrows(ArbiterFailedException.class, () -> arbiter.insert("locked", "locked")));
            assertTrue(e.getMessage().contains("statementTimeout"), e::getMessage);
            other.rollback();
        }
        assertTrue(!pooled.isClosed(), "the statement was cancelled, no more");
        assertEquals(Ruling.created("locked"), arbiter.insert("locked", "locked"));
    }
}
