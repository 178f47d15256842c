package dev.getorcreate.spring;

import dev.getorcreate.jdbc.CallerTransactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.Objects;
import java.util.function.Supplier;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * The transactions that Spring manages on one {@link DataSource}: those of {@code DataSourceTransactionManager}, {@code
 * JdbcTransactionManager}, and {@code JpaTransactionManager} with a dialect that shows its connection, as Hibernate's does;
 * begun by {@code @Transactional} or by a {@code TransactionTemplate}.
 *
 * <pre>{@code
 * Arbiter<String, User> users = JdbcArbiter.<String, User>on(dataSource)
 *         .table("users")…
 *         .transactions(new SpringTransactions(dataSource))
 *         .build();
 * }</pre>
 *
 * <p>Inside of a transaction on another data source, or of none, the arbiter works by itself, in autocommit. Safe for use by
 * any number of threads.
 */
public final class SpringTransactions implements CallerTransactions {

    private final DataSource dataSource;

    /**
     * The transactions on this source.
     *
     * @param dataSource the very one that the transaction manager has; of another one, or of a proxy around it, Spring
     *     tells nothing
     */
    public SpringTransactions(DataSource dataSource) {
        this.dataSource = Objects.requireNonNull(dataSource, "dataSource");
    }

    @Override
    public @Nullable Connection connection() {
        if (TransactionSynchronizationManager.isActualTransactionActive()
                && TransactionSynchronizationManager.getResource(dataSource) instanceof ConnectionHolder holder) {
            Connection connection = holder.getConnection();
            return isInTransaction(connection) ? connection : null;
        }
        return null;
    }

    /** Spring also keeps one at hand, without a transaction, while another data source's is running. */
    private static boolean isInTransaction(Connection connection) {
        try {
            return !connection.getAutoCommit();
        } catch (SQLException e) {
            return true; // it was lost, and so was the transaction: whoever uses it is told
        }
    }

    @Override
    public Hearer hearer(Object owner, Supplier<Hearer> first) {
        if (connection() == null || !TransactionSynchronizationManager.isSynchronizationActive()) {
            throw new IllegalStateException(
                    "this thread is in no transaction on this data source that Spring tells of");
        }
        for (TransactionSynchronization each : TransactionSynchronizationManager.getSynchronizations()) {
            if (each instanceof Told told && told.isOf(this, owner)) {
                return told.hearer;
            }
        }
        Told told = new Told(this, owner, first.get());
        TransactionSynchronizationManager.registerSynchronization(told);
        return told.hearer;
    }

    /** One hearer in one transaction. Spring puts it aside while that is suspended. */
    private static final class Told implements TransactionSynchronization {
        private final SpringTransactions transactions;
        private final Object owner;
        private final Hearer hearer;

        Told(SpringTransactions transactions, Object owner, Hearer hearer) {
            this.transactions = transactions;
            this.owner = owner;
            this.hearer = hearer;
        }

        boolean isOf(SpringTransactions some, Object someOwner) {
            return transactions == some && owner == someOwner;
        }

        @Override
        public void afterCompletion(int status) {
            hearer.completed(
                    switch (status) {
                        case STATUS_COMMITTED -> Completion.COMMITTED;
                        case STATUS_ROLLED_BACK -> Completion.ROLLED_BACK;
                        default -> Completion.UNKNOWN;
                    });
        }
    }
}
