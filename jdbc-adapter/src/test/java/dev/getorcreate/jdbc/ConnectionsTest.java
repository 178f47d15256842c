package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.jdbc.Failures.NotConnectedException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** How connections are taken and given back, and what happens when there is none. */
class ConnectionsTest {

    private final DataSource database = H2.fresh();

    @BeforeEach
    void createTable() throws SQLException {
        Sql.run(database, "CREATE TABLE records(name VARCHAR(9) PRIMARY KEY CHECK (name <> 'refused'))");
    }

    private static JdbcArbiter<String, String> build(DataSource dataSource) {
        return JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("name", name -> name)
                .mapper(row -> row.getString("name"))
                .build();
    }

    @Test
    void aPooledConnectionIsGivenBackAsItCameAndTheRowIsCommitted() throws Exception {
        try (Pool pool = new Pool(database)) {
            JdbcArbiter<String, String> arbiter = build(pool.dataSource());
            assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
            assertEquals(Ruling.adopted("a"), arbiter.insert("a", ""));
            assertThrows(ArbiterFailedException.class, () -> arbiter.insert("refused", ""));
            assertEquals(Optional.of("a"), arbiter.find("a"));
            assertFalse(pool.only.getAutoCommit());
            try (Statement statement = pool.only.createStatement()) {
                assertEquals(0, statement.getQueryTimeout());
            }
            assertEquals(Optional.of("a"), build(database).find("a"));
        }
    }

    @Test
    void aPoolThatThrowsWhenAConnectionIsGivenBackDoesNotHideTheAnswer() {
        DataSource rude = Pool.of(database::getConnection, () -> {
            throw new IllegalStateException("the pool's own");
        });
        JdbcArbiter<String, String> arbiter = build(rude);
        assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
        assertEquals(Optional.of("a"), arbiter.find("a"));
    }

    /** As a driver's, or a proxy's, that is older than what it is asked. */
    @Test
    void anErrorNeitherLosesAConnectionNorATimeoutThatIsNotThere() {
        AtomicReference<String> wrong = new AtomicReference<>("getNetworkTimeout");
        AtomicInteger lent = new AtomicInteger();
        AtomicInteger givenBack = new AtomicInteger();
        JdbcArbiter<String, String> arbiter = build(Pool.of(
                () -> {
                    lent.incrementAndGet();
                    return failing(database.getConnection(), wrong);
                },
                givenBack::incrementAndGet));
        assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
        for (String method : new String[] {"getAutoCommit", "setNetworkTimeout"}) {
            wrong.set(method);
            try {
                assertEquals(Optional.of("a"), arbiter.find("a"));
            } catch (AbstractMethodError e) {
                assertEquals("getAutoCommit", e.getMessage());
            }
        }
        assertEquals(lent.get(), givenBack.get());
    }

    private static Connection failing(Connection connection, AtomicReference<String> wrong) {
        return (Connection) Proxy.newProxyInstance(
                ConnectionsTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals(wrong.get())) {
                        throw new AbstractMethodError(method.getName());
                    }
                    return method.invoke(connection, arguments);
                });
    }

    @Test
    void anErrorWhileATimeoutIsPutBackDoesNotKeepTheConnection() throws SQLException {
        AtomicReference<String> wrong = new AtomicReference<>();
        AtomicInteger givenBack = new AtomicInteger();
        DataSource pool = Pool.of(() -> failing(database.getConnection(), wrong), givenBack::incrementAndGet);
        Session session = OwnConnection.open(pool, Duration.ofSeconds(5), false);
        wrong.set("setNetworkTimeout");
        assertThrows(AbstractMethodError.class, session::close);
        assertEquals(1, givenBack.get());
    }

    /** As Spring's LazyConnectionDataSourceProxy: the pool is asked when a statement is. */
    @Test
    void aConnectionIsTakenThoughAProxyWouldTakeItLater() {
        SQLException none = new SQLTransientConnectionException("as a pool's: timed out");
        DataSource lazy = Pool.of(() -> (Connection) Proxy.newProxyInstance(
                ConnectionsTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("getAutoCommit")) {
                        return true;
                    }
                    throw none;
                }));
        for (boolean watched : new boolean[] {true, false}) {
            NotConnectedException e = assertThrows(
                    NotConnectedException.class, () -> OwnConnection.open(lazy, Duration.ofSeconds(5), watched)
                            .close());
            assertSame(none, e.getCause());
        }
    }

    /** Fails with what it is told, until it is told nothing. */
    private final AtomicReference<SQLException> failure = new AtomicReference<>();

    private final DataSource flaky = Pool.of(() -> {
        SQLException e = failure.get();
        if (e != null) {
            throw e;
        }
        return database.getConnection();
    });

    @Test
    void aDatabaseThatDoesNotAnswerAtStartIsCheckedBeforeItIsFirstUsed() throws Exception {
        failure.set(new SQLTransientConnectionException("pool: timed out", new SQLException("refused", "08001")));
        JdbcArbiter<String, String> arbiter = build(flaky);
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> arbiter.insert("a", ""));
        assertTrue(e.getMessage().contains("nothing was sent"), e::getMessage);
        failure.set(null);
        Sql.run(database, "ALTER TABLE records DROP PRIMARY KEY");
        IllegalStateException wrong = assertThrows(IllegalStateException.class, () -> arbiter.insert("a", ""));
        assertTrue(wrong.getMessage().contains("ADD CONSTRAINT"), wrong::getMessage);
        assertEquals("0", Sql.ask(database, "SELECT count(*) FROM records"));
        Sql.run(database, "ALTER TABLE records ADD CONSTRAINT uq UNIQUE (name)");
        assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
    }

    @Test
    void whatIsWrongWithTheConnectionFailsAtStart() {
        for (SQLException wrong : new SQLException[] {
            new SQLException("the pool has been closed"),
            new SQLException("wrong password", "28P01"),
            new SQLTransientConnectionException("pool: timed out", new SQLException("no such database", "3D000"))
        }) {
            failure.set(wrong);
            IllegalStateException e = assertThrows(IllegalStateException.class, () -> build(flaky));
            assertTrue(e.getMessage().contains("cannot be used ("), e::getMessage);
            assertFalse(e.getMessage().contains("()"), e::getMessage);
        }
    }

    @Test
    void aPoolThatIsClosedLaterIsAnErrorAtOnce() {
        JdbcArbiter<String, String> arbiter = build(flaky);
        failure.set(new SQLException("the pool has been closed"));
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> arbiter.insert("a", ""));
        assertTrue(e.getMessage().contains("no connection"), e::getMessage);
        assertTrue(e.getMessage().contains("pool exhausted"), e::getMessage);
        assertEquals(failure.get(), e.getCause().getCause());
        assertThrows(ArbiterFailedException.class, () -> arbiter.find("a"));
    }

    @Test
    void anotherDatabaseIsRefusedByName() {
        DataSource other = Pool.of(() -> {
            Connection connection = database.getConnection();
            return renamed(connection);
        });
        IllegalStateException e = assertThrows(IllegalStateException.class, () -> build(other));
        assertTrue(e.getMessage().contains("calls itself Oracle"), e::getMessage);
    }

    private static Connection renamed(Connection connection) {
        Class<?>[] types = {Connection.class, java.sql.DatabaseMetaData.class};
        return (Connection) java.lang.reflect.Proxy.newProxyInstance(
                ConnectionsTest.class.getClassLoader(), types, (proxy, method, arguments) -> switch (method.getName()) {
                    case "getMetaData" -> proxy;
                    case "getDatabaseProductName" -> "Oracle";
                    default -> method.invoke(connection, arguments);
                });
    }
}
