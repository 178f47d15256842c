package dev.getorcreate.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import javax.sql.DataSource;

/** A pool of one connection, whose sessions are set up as some applications do: without autocommit. */
final class Pool implements AutoCloseable {

    /** What is given in place of a connection. */
    interface Source {
        Connection get() throws SQLException;
    }

    final Connection only;

    Pool(DataSource dataSource) throws SQLException {
        only = dataSource.getConnection();
        only.setAutoCommit(false);
    }

    DataSource dataSource() {
        return of(() -> only);
    }

    /** Gives what the source gives, and closes nothing. */
    static DataSource of(Source source) {
        return of(source, () -> {});
    }

    /** As above, and does this in place of closing. */
    static DataSource of(Source source, Runnable givenBack) {
        return (DataSource) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {DataSource.class}, (proxy, method, arguments) -> {
                    if (!method.getName().equals("getConnection")) {
                        throw new UnsupportedOperationException(method.toString());
                    }
                    return unclosable(source.get(), givenBack);
                });
    }

    private static Connection unclosable(Connection connection, Runnable givenBack) {
        return (Connection) Proxy.newProxyInstance(
                Pool.class.getClassLoader(), new Class<?>[] {Connection.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        givenBack.run();
                        return null;
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
        only.close();
    }
}
