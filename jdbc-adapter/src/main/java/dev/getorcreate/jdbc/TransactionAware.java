package dev.getorcreate.jdbc;

import java.sql.SQLException;
import javax.sql.DataSource;

/** Recognises a DataSource that gives the connection of the caller's transaction, without a need for a framework's classes. */
final class TransactionAware {

    private static final String SPRINGS = "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy";

    private TransactionAware() {}

    static boolean is(DataSource dataSource) {
        for (Class<?> type = dataSource.getClass(); type != null; type = type.getSuperclass()) {
            // Micronaut's has a proxy that is nested in what says so.
            String name = type.getName();
            if (name.contains("TransactionAware") || name.contains("ContextualAware")) {
                return true;
            }
        }
        // One of them has the class that the proxy is of, if it is Spring's.
        ClassLoader[] loaders = {
            dataSource.getClass().getClassLoader(),
            Thread.currentThread().getContextClassLoader(),
            TransactionAware.class.getClassLoader()
        };
        return Foreign.classes(SPRINGS, loaders).stream().anyMatch(springs -> isAround(dataSource, springs));
    }

    private static boolean isAround(DataSource dataSource, Class<?> springs) {
        try {
            return dataSource.isWrapperFor(springs);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return false; // it cannot tell
        }
    }
}
