package dev.getorcreate.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Statement;

/**
 * Asks PostgreSQL to end what runs on a connection. With {@link Statement#cancel} its driver lets the statement wait for
 * the answer, even once the connection was aborted: ten seconds ({@code cancelSignalTimeout}) where the host is gone. This
 * way it does not, so whoever calls it sees to it that the connection runs nothing else meanwhile.
 */
final class PostgresCancel {

    private PostgresCancel() {}

    static void send(Statement statement) throws SQLException {
        if (!isSent(statement.getConnection())) {
            statement.cancel();
        }
    }

    /** {@code false}: a pool hides the driver, or this is another one. */
    private static boolean isSent(Connection connection) throws SQLException {
        ClassLoader[] loaders = {connection.getClass().getClassLoader(), PostgresCancel.class.getClassLoader()};
        for (Class<?> driver : Foreign.classes("org.postgresql.PGConnection", loaders)) {
            if (connection.isWrapperFor(driver)) {
                return isSent(driver, connection.unwrap(driver));
            }
        }
        return false;
    }

    private static boolean isSent(Class<?> driver, Object connection) throws SQLException {
        try {
            driver.getMethod("cancelQuery").invoke(connection);
            return true;
        } catch (InvocationTargetException e) {
            throw new SQLException(e.getCause());
        } catch (NoSuchMethodException | IllegalAccessException e) {
            return false;
        }
    }
}
