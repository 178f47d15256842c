package dev.getorcreate.jdbc;

import static java.util.concurrent.TimeUnit.MILLISECONDS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransientConnectionException;
import java.util.concurrent.CountDownLatch;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where an INSERT gives no row back: the connections that it takes, of a pool that has no more. */
class ReadingBackTest {

    @TempDir
    Path folder;

    private DataSource database;
    private JdbcArbiter<String, String> arbiter;

    /** So many are lent, and whoever asks for more waits so long. */
    private int left = Integer.MAX_VALUE;

    private long waitMillis;
    private int asked;
    private boolean selectsFail;

    @BeforeEach
    void build() throws SQLException {
        database = Sqlite.at(folder.resolve("records.db"));
        Sql.run(
                database,
                "CREATE TABLE records(key TEXT NOT NULL, deleted INT)",
                "CREATE UNIQUE INDEX ux ON records(key) WHERE deleted IS NULL");
        arbiter = JdbcArbiter.<String, String>on(Pool.of(this::lent))
                .table("records")
                .key("key", key -> key)
                .partialIndex("ux")
                .mapper(row -> row.getString("key"))
                .build();
        asked = 0;
    }

    private Connection lent() throws SQLException {
        asked++;
        if (left-- <= 0) {
            await();
            throw new SQLTransientConnectionException("as a pool's: timed out");
        }
        return selectsFail ? refusingSelects(database.getConnection()) : database.getConnection();
    }

    private void await() throws SQLException {
        try {
            assertFalse(new CountDownLatch(1).await(waitMillis, MILLISECONDS));
        } catch (InterruptedException e) {
            throw new SQLException(e);
        }
    }

    private Connection refusingSelects(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("prepareStatement") && ((String) arguments[0]).startsWith("SELECT")) {
                        selectsFail = false;
                        throw new SQLException("as if: locked", "HY000", 6);
                    }
                    try {
                        return method.invoke(connection, arguments);
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                });
    }

    @Test
    void aCreationTakesOneConnectionThoughItsRowIsReadBack() {
        left = 1;
        assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
        assertEquals(1, asked);
    }

    @Test
    void whereThatConnectionDoesNotGiveTheRowAnotherOneDoes() {
        selectsFail = true;
        assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
        assertEquals(2, asked);
    }

    /** Six times its time-out would be minutes. */
    @Test
    void aPoolThatHasWaitedItselfIsNotAskedAgain() {
        arbiter.insert("a", "");
        asked = 0;
        left = 1;
        waitMillis = 1_100;
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> arbiter.insert("a", ""));
        assertTrue(e.getMessage().contains("find"), e::getMessage);
        assertEquals(2, asked);
    }

    @Test
    void oneThatRefusesAtOnceIsAskedSixTimes() {
        arbiter.insert("a", "");
        asked = 0;
        left = 1;
        assertThrows(ArbiterFailedException.class, () -> arbiter.insert("a", ""));
        assertEquals(1 + 6, asked);
    }
}
