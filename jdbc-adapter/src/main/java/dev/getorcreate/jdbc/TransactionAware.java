package dev.getorcreate.jdbc;

import java.sql.SQLException;
import java.util.stream.Stream;
import javax.sql.DataSource;

/** Recognises a DataSource that gives the connection of the caller's transaction, without a need for a framework's classes. */
final class TransactionAware {

    private static final String SPRINGS = "org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy";

    /** Whoever asks is given the same one, in a transaction or not. */
    private static final String SPRINGS_ONLY_ONE = "org.springframework.jdbc.datasource.SingleConnectionDataSource";

    private TransactionAware() {}

    static boolean is(DataSource dataSource) {
        for (Class<?> type = dataSource.getClass(); type != null; type = type.getSuperclass()) {
            // Micronaut's has a proxy that is nested in what says so.
            String name = type.getName();
            if (name.contains("TransactionAware")
                    || name.contains("ContextualAware")
                    || name.equals(SPRINGS_ONLY_ONE)) {
                return true;
            }
        }
        // One of them has the class that the proxy is of, if it is Spring's.
        ClassLoader[] loaders = {
            dataSource.getClass().getClassLoader(),
            Thread.currentThread().getContextClassLoader(),
            TransactionAware.class.getClassLoader()
        };
        return Stream.of(SPRINGS, SPRINGS_ONLY_ONE)
                .flatMap(name -> Foreign.classes(name, loaders).stream())
                .anyMatch(springs -> isAround(dataSource, springs));
    }

    private static boolean isAround(DataSource dataSource, Class<?> springs) {
        try {
            return dataSource.isWrapperFor(springs);
        } catch (SQLException | RuntimeException | AbstractMethodError e) {
            return false; // it cannot tell
        }
    }
}
