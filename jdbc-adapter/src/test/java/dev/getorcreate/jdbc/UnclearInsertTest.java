package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.util.ArrayDeque;
import java.util.Collections;
import java.util.Deque;
import java.util.List;
import javax.sql.DataSource;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** The INSERT's answer was lost, and no row is to be seen: it may appear yet. */
class UnclearInsertTest {

    private final DataSource database = H2.fresh();
    private JdbcArbiter<String, String> arbiter;

    /** What the next INSERTs end with, before they are sent. */
    private final Deque<SQLException> failures = new ArrayDeque<>();

    @BeforeEach
    void build() throws SQLException {
        Sql.run(database, "CREATE TABLE records(name VARCHAR(9) PRIMARY KEY)");
        arbiter = JdbcArbiter.<String, String>on(Pool.of(() -> around(Connection.class, database.getConnection(), "")))
                .table("records")
                .key("name", name -> name)
                .mapper(row -> row.getString("name"))
                .build();
    }

    private <T> T around(Class<T> type, Object real, String sql) {
        return type.cast(Proxy.newProxyInstance(
                getClass().getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().equals("execute") && sql.contains("INSERT") && !failures.isEmpty()) {
                        throw failures.remove();
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return method.getName().equals("prepareStatement")
                                ? around(PreparedStatement.class, result, (String) arguments[0])
                                : result;
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }

    private void assertUnclear(List<SQLException> later) {
        failures.add(new SQLException("as if: lost", "08006"));
        failures.addAll(later);
        ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> arbiter.insert("a", ""));
        assertTrue(e.getMessage().contains("whether it took effect"), e::getMessage);
        assertEquals(later.get(0), e.getCause());
        assertTrue(failures.isEmpty());
    }

    @Test
    void anotherInsertThatFailsDoesNotMakeItClear() {
        assertUnclear(List.of(new SQLException("as if: cancelled", "57014", 57014)));
    }

    @Test
    void othersThatAreInTheWayAgainAndAgainDoNotMakeItClear() {
        assertUnclear(Collections.nCopies(5, new SQLException("as if: locked", "HYT00", 50200)));
    }

    @Test
    void anotherInsertThatWorksIsOurs() {
        failures.add(new SQLException("as if: lost", "08006"));
        assertEquals(Ruling.created("a"), arbiter.insert("a", ""));
    }
}
