package dev.getorcreate.jdbc;

import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLTransactionRollbackException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * Transactions over plain JDBC, for programs without a framework that manages them.
 *
 * <pre>{@code
 * JdbcTransactions transactions = new JdbcTransactions(dataSource);
 * // JdbcArbiter.on(dataSource)…transactions(transactions)
 * transactions.run(connection -> {
 *     User user = users.getOrCreate(email, this::newUser); // on this very connection
 *     return orders.insert(connection, user);
 * });
 * }</pre>
 *
 * <p>Safe for use by any number of threads; each is in its own transaction.
 */
public final class JdbcTransactions implements CallerTransactions {

    private static final System.Logger LOG = System.getLogger(JdbcTransactions.class.getName());

    private final DataSource dataSource;
    /** Guard: each thread sees its own; set only while the thread is inside of {@link #run}. */
    @SuppressWarnings("ThreadLocalUsage") // each data source has its own transactions
    private final ThreadLocal<@Nullable Scope> current = new ThreadLocal<>();

    /** One transaction. Used by its thread only. */
    private static final class Scope {
        final Connection connection;
        final Map<Object, Hearer> hearers = new LinkedHashMap<>();
        /** Its end is being told: what is asked for meanwhile is no part of it any more. */
        boolean over;
        /** Why nothing of it may be committed any more. */
        @Nullable
        SQLException lost;

        Scope(Connection connection) {
            this.connection = connection;
        }
    }

    /** What is done in a transaction. */
    @FunctionalInterface
    public interface Work<T extends @Nullable Object> {

        /** The connection is neither to be committed, nor rolled back but to a savepoint, nor closed. */
        T run(Connection connection) throws Exception;
    }

    /**
     * Transactions on the connections of this source, which stays the caller's.
     *
     * @param dataSource the arbiter's own, or another one of the same database
     */
    public JdbcTransactions(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    /**
     * Runs the work in a transaction, which is committed after it, or rolled back if it throws. Inside of another
     * {@code run} of this thread it is part of that one's transaction. Blocks; after the commit it tells the caches, which
     * takes a few round trips.
     *
     * @throws Exception the work's own, unchanged
     * @throws SQLException if there is no connection, or the commit failed; whether it took effect may be unclear then.
     *     An {@link SQLTransactionRollbackException}, if the database had undone the transaction before, as after a
     *     deadlock, and the work went on all the same: nothing was committed, and it can be run again
     */
    public <T extends @Nullable Object> T run(Work<T> work) throws Exception {
        Scope outer = current.get();
        if (outer != null && !outer.over) {
            return work.run(outer.connection);
        }
        Connection connection = dataSource.getConnection();
        try {
            boolean autoCommit = connection.getAutoCommit();
            connection.setAutoCommit(false);
            Scope scope = new Scope(connection);
            current.set(scope);
            try {
                return inScope(scope, work);
            } finally {
                if (outer == null) {
                    current.remove();
                } else {
                    current.set(outer);
                }
                giveBack(connection, autoCommit);
            }
        } finally {
            quietly("connection", connection::close);
        }
    }

    private static <T extends @Nullable Object> T inScope(Scope scope, Work<T> work) throws Exception {
        Completion how = Completion.ROLLED_BACK;
        try {
            T result = work.run(scope.connection);
            if (scope.lost != null) {
                throw new SQLTransactionRollbackException(
                        "the database has undone this transaction in the middle, and what came after that is rolled back"
                                + " too: run all of it again",
                        "40001",
                        scope.lost);
            }
            how = Completion.UNKNOWN;
            scope.connection.commit();
            how = Completion.COMMITTED;
            return result;
        } catch (Throwable e) {
            // If it fails, the connection is gone, and the transaction with it.
            quietly("transaction", scope.connection::rollback);
            throw e;
        } finally {
            scope.over = true;
            Completion ended = how;
            scope.hearers.values().forEach(hearer -> quietly("hearer", () -> hearer.completed(ended)));
        }
    }

    /** Ends what the hearers read by, and lets the connection be as it was. */
    private static void giveBack(Connection connection, boolean autoCommit) {
        quietly("reading", connection::rollback);
        if (autoCommit) {
            quietly("autocommit", () -> connection.setAutoCommit(true));
        }
    }

    /** How the transaction ended is what counts, and no failure of what comes after may hide it. */
    private static void quietly(String what, Session.Step step) {
        try {
            step.run();
        } catch (SQLException | RuntimeException e) {
            LOG.log(Level.DEBUG, "could not end after a transaction: " + what, e);
        }
    }

    @Override
    public boolean isActive() {
        Scope scope = current.get();
        return scope != null && !scope.over;
    }

    @Override
    public @Nullable Connection connection() {
        Scope scope = current.get();
        return scope == null ? null : scope.connection;
    }

    @Override
    public void lost(SQLException why) {
        Scope scope = current.get();
        if (scope != null) {
            scope.lost = why;
        }
    }

    @Override
    public Hearer hearer(Object owner, Supplier<Hearer> first) {
        Scope scope = current.get();
        if (scope == null || scope.over) {
            throw new IllegalStateException("this thread is in no transaction");
        }
        return scope.hearers.computeIfAbsent(owner, unused -> first.get());
    }
}
