package dev.getorcreate.jdbc;

import java.sql.SQLException;
import java.util.Arrays;
import java.util.Objects;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** Recognises a DataSource that gives the connection of the caller's transaction, without a need for Spring's classes. */
final class TransactionAware {

    private static final String SPRINGS = "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy";

    private TransactionAware() {}

    static boolean is(DataSource dataSource) {
        for (Class<?> type = dataSource.getClass(); type != null; type = type.getSuperclass()) {
            if (type.getSimpleName().contains("TransactionAware")) {
                return true;
            }
        }
        // One of them has the class that the proxy is of, if it is Spring's.
        ClassLoader[] loaders = {
            dataSource.getClass().getClassLoader(),
            Thread.currentThread().getContextClassLoader(),
            TransactionAware.class.getClassLoader()
        };
        return Arrays.stream(loaders)
                .map(TransactionAware::springs)
                .filter(Objects::nonNull)
                .anyMatch(springs -> isAround(dataSource, springs));
    }

    private static @Nullable Class<?> springs(@Nullable ClassLoader loader) {
        try {
            return Class.forName(SPRINGS, false, loader);
        } catch (ClassNotFoundException | LinkageError e) {
            return null;
        }
    }

    private static boolean isAround(DataSource dataSource, Class<?> springs) {
        try {
            return dataSource.isWrapperFor(springs);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return false; // it cannot tell
        }
    }
}
