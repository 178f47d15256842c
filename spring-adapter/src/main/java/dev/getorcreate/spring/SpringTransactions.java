package dev.getorcreate.spring;

import dev.getorcreate.jdbc.CallerTransactions;
import java.lang.reflect.Method;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.jdbc.datasource.TransactionAwareDataSourceProxy;
import org.springframework.transaction.ConfigurableTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionExecution;
import org.springframework.transaction.TransactionExecutionListener;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.ResourceTransactionManager;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.util.ClassUtils;
import org.springframework.util.ReflectionUtils;

/**
 * The transactions of one of Spring's managers: {@code DataSourceTransactionManager}, {@code JdbcTransactionManager}, or
 * {@code JpaTransactionManager} with a dialect that shows its connection, as Hibernate's does; begun by {@code
 * @Transactional} or by a {@code TransactionTemplate}.
 *
 * <pre>{@code
 * Arbiter<String, User> users = JdbcArbiter.<String, User>on(dataSource)
 *         .table("users")…
 *         .transactions(SpringTransactions.of(transactionManager, dataSource))
 *         .build();
 * }</pre>
 *
 * <p>A transaction is joined from its begin to its commit, also inside of another manager's that was begun within it. What
 * Spring calls afterwards ({@code afterCommit}, {@code afterCompletion}, {@code @TransactionalEventListener}) is no part of
 * it any more; there a cache works as outside. So it does in transactions of other managers alone. What JPA writes when it
 * flushes at the commit is in between: an entity listener's {@code invalidate} waits for the commit, and what it asks of a
 * cache is answered as outside, so let listeners create nothing. Safe for use by any number of threads.
 */
public final class SpringTransactions implements CallerTransactions {

    private final DataSource dataSource;

    private SpringTransactions(DataSource dataSource) {
        this.dataSource = dataSource;
    }

    /**
     * Listens to the manager from now on. Call it once for each manager, before its first transaction.
     *
     * <p>If the manager shows no connection of a transaction all the same, as {@code JpaTransactionManager} does with a
     * dialect that cannot, calls from inside of it fail: they would be committed whatever becomes of it.
     *
     * @param manager a {@link ConfigurableTransactionManager} that names its source, as Spring's for JDBC and JPA do, and not
     *     that for JTA; Spring Boot's bean is declared as a {@code PlatformTransactionManager}
     * @param dataSource the very one that the manager has: of another one, or of a proxy around it, it shows no connection
     * @throws IllegalArgumentException if the source hides transactions behind itself, the manager has another one or names
     *     none, it cannot be listened to, or nothing can take part in its transactions ({@code SYNCHRONIZATION_NEVER})
     * @throws IllegalStateException if this thread is in a transaction on that source, which would not be joined
     */
    public static SpringTransactions of(PlatformTransactionManager manager, DataSource dataSource) {
        if (!(Objects.requireNonNull(manager, "manager") instanceof ConfigurableTransactionManager told)) {
            throw new IllegalArgumentException(
                    "the transaction manager is no ConfigurableTransactionManager, so nothing of its"
                            + " transactions would be heard: it is a "
                            + manager.getClass().getName() + "; give the one that it hands its transactions to");
        }
        if (manager instanceof AbstractPlatformTransactionManager its
                && its.getTransactionSynchronization() == AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER) {
            throw new IllegalArgumentException(
                    "the transaction manager has SYNCHRONIZATION_NEVER, so its transactions could not be joined: leave"
                            + " its transactionSynchronization as it is by default (SYNCHRONIZATION_ALWAYS)");
        }
        if (Objects.requireNonNull(dataSource, "dataSource") instanceof TransactionAwareDataSourceProxy) {
            throw new IllegalArgumentException(
                    "give the DataSource that the transaction manager has, not a TransactionAwareDataSourceProxy");
        }
        DataSource source = dataSourceOf(manager);
        if (source == null) {
            throw new IllegalArgumentException(
                    "the transaction manager names no DataSource, so its transactions could not be joined: it is a "
                            + manager.getClass().getName()
                            + "; give a JdbcTransactionManager, or a JpaTransactionManager whose dataSource is set");
        }
        if (!source.equals(dataSource)) {
            throw new IllegalArgumentException(
                    "the transaction manager has another DataSource, so nothing of its transactions would be seen: it has "
                            + source + ", and this is " + dataSource);
        }
        if (TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.hasResource(dataSource)) {
            throw new IllegalStateException(
                    "this thread is in a transaction on that DataSource, which has begun before and"
                            + " would not be joined: make the bean at start-up, and not in a transaction");
        }
        SpringTransactions transactions = new SpringTransactions(dataSource);
        told.addListener(transactions.new Listener());
        return transactions;
    }

    /** JPA's manager has one beside what it is the manager of. */
    private static @Nullable DataSource dataSourceOf(PlatformTransactionManager manager) {
        if (manager instanceof ResourceTransactionManager named
                && named.getResourceFactory() instanceof DataSource source) {
            return source;
        }
        Method getter = ClassUtils.getMethodIfAvailable(manager.getClass(), "getDataSource");
        return getter != null && ReflectionUtils.invokeMethod(getter, manager) instanceof DataSource source
                ? source
                : null;
    }

    @Override
    public boolean isActive() {
        JoinedTransaction current = current();
        return current != null && current.isOpen();
    }

    @Override
    public boolean isEnding() {
        JoinedTransaction current = current();
        return current != null && current.isEnding();
    }

    @Override
    public @Nullable Connection connection() {
        JoinedTransaction current = current();
        return current == null ? null : current.connection();
    }

    /** As {@code @Transactional(timeout = ...)} says; after it, Spring's own exception. */
    @Override
    public @Nullable Duration timeLeft() {
        JoinedTransaction current = current();
        return current == null ? null : current.timeLeft();
    }

    /** The commit is refused with a {@link org.springframework.dao.ConcurrencyFailureException}. */
    @Override
    public void lost(SQLException why) {
        JoinedTransaction current = current();
        if (current != null) {
            current.lost(why);
        }
    }

    @Override
    public Hearer hearer(Object owner, Supplier<Hearer> first) {
        JoinedTransaction current = current();
        if (current == null || !(current.isOpen() || current.isEnding())) {
            throw new IllegalStateException("this thread is in no transaction of the manager that was named");
        }
        return current.hearer(owner, first);
    }

    private @Nullable JoinedTransaction current() {
        return TransactionSynchronizationManager.hasResource(this)
                ? JoinedTransaction.on(TransactionSynchronizationManager.getResource(dataSource), this)
                : null;
    }

    /** Is told by the manager itself, so other managers' transactions on the same thread are not mistaken for its own. */
    private final class Listener implements TransactionExecutionListener {

        @Override
        public void afterBegin(TransactionExecution transaction, @Nullable Throwable failure) {
            if (failure != null
                    || transaction.isNested()
                    || !transaction.isNewTransaction()
                    || !TransactionSynchronizationManager.isSynchronizationActive()) {
                return;
            }
            Object holder = TransactionSynchronizationManager.getResource(dataSource);
            new JoinedTransaction(SpringTransactions.this, holder instanceof ConnectionHolder its ? its : null).begin();
        }

        @Override
        public void beforeCommit(TransactionExecution transaction) {
            JoinedTransaction current = current();
            if (current != null && !transaction.isNested()) {
                current.commits();
            }
        }

        @Override
        public void afterCommit(TransactionExecution transaction, @Nullable Throwable failure) {
            ended(transaction, failure == null ? Completion.COMMITTED : Completion.UNKNOWN);
        }

        @Override
        public void afterRollback(TransactionExecution transaction, @Nullable Throwable failure) {
            ended(transaction, Completion.ROLLED_BACK);
        }

        private void ended(TransactionExecution transaction, Completion how) {
            JoinedTransaction current = current();
            if (current != null && !transaction.isNested()) {
                current.end(how);
            }
        }
    }
}
