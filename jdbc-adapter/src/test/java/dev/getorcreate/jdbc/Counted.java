package dev.getorcreate.jdbc;

import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import javax.sql.DataSource;

/**
 * Counts the statements that are executed, but for what is asked every ten seconds, and may change their text, as a proxy
 * between pool and driver does.
 */
final class Counted {

    private final DataSource dataSource;
    private final UnaryOperator<String> rewrite;
    private final AtomicInteger statements = new AtomicInteger();

    Counted(DataSource dataSource) {
        this(dataSource, sql -> sql);
    }

    Counted(DataSource dataSource, UnaryOperator<String> rewrite) {
        this.dataSource = dataSource;
        this.rewrite = rewrite;
    }

    int statements() {
        return statements.get();
    }

    void reset() {
        statements.set(0);
    }

    DataSource dataSource() {
        return around(DataSource.class, dataSource);
    }

    private <T> T around(Class<T> type, Object real) {
        return type.cast(Proxy.newProxyInstance(
                Counted.class.getClassLoader(), new Class<?>[] {type}, (proxy, method, arguments) -> {
                    if (method.getName().startsWith("execute")) {
                        statements.incrementAndGet();
                    }
                    if (method.getName().equals("prepareStatement")) {
                        arguments[0] = rewrite.apply((String) arguments[0]);
                    }
                    try {
                        Object result = method.invoke(real, arguments);
                        return switch (method.getName()) {
                            case "getConnection" ->
                                type == DataSource.class ? around(Connection.class, result) : result;
                            case "prepareStatement" ->
                                ((String) arguments[0]).contains("synchronous_standby_names")
                                        ? result
                                        : around(PreparedStatement.class, result);
                            default -> result;
                        };
                    } catch (InvocationTargetException e) {
                        throw e.getCause();
                    }
                }));
    }
}
