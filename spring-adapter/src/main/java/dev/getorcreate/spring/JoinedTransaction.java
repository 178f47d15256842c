package dev.getorcreate.spring;

import dev.getorcreate.spi.Transactions.Completion;
import dev.getorcreate.spi.Transactions.Hearer;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/** One transaction, bound to its thread. Spring puts it aside while the transaction is suspended. Used by its thread only. */
final class JoinedTransaction implements TransactionSynchronization {

    private static final System.Logger LOG = System.getLogger(SpringTransactions.class.getName());

    private final Object key;
    private final ConnectionHolder holder;
    private final Map<Object, Hearer> hearers = new LinkedHashMap<>();
    /** As it was while the transaction was open: JPA's holder may give none afterwards. */
    private @Nullable Connection connection;
    /** From here on, a rollback is no proof that it was one: the answer to the commit may have been lost. */
    private boolean committing;

    private boolean told;

    JoinedTransaction(Object key, ConnectionHolder holder) {
        this.key = key;
        this.holder = holder;
    }

    void begin() {
        TransactionSynchronizationManager.bindResource(key, this);
        TransactionSynchronizationManager.registerSynchronization(this);
    }

    boolean isOpen() {
        return !committing && !told;
    }

    Connection connection() {
        Connection known = connection;
        if (known == null) {
            known = holder.getConnection();
            connection = known;
        }
        return known;
    }

    Hearer hearer(Object owner, Supplier<Hearer> first) {
        return hearers.computeIfAbsent(owner, unused -> first.get());
    }

    void commits() {
        committing = true;
    }

    /** Before all others who wait for the commit: they may ask for what it created. */
    @Override
    public int getOrder() {
        return Ordered.HIGHEST_PRECEDENCE;
    }

    @Override
    public void afterCommit() {
        if (committing) {
            tell(Completion.COMMITTED);
        }
    }

    @Override
    public void afterCompletion(int status) {
        end(
                status == STATUS_COMMITTED
                        ? Completion.COMMITTED
                        : status == STATUS_ROLLED_BACK ? Completion.ROLLED_BACK : Completion.UNKNOWN);
    }

    @Override
    public void suspend() {
        TransactionSynchronizationManager.unbindResourceIfPossible(key);
    }

    @Override
    public void resume() {
        if (!told) {
            TransactionSynchronizationManager.bindResource(key, this);
        }
    }

    /** The first word counts; then nothing is left of it. */
    void end(Completion how) {
        tell(how == Completion.ROLLED_BACK && committing ? Completion.UNKNOWN : how);
        if (TransactionSynchronizationManager.getResource(key) == this) {
            TransactionSynchronizationManager.unbindResource(key);
        }
    }

    private void tell(Completion how) {
        if (told) {
            return;
        }
        told = true;
        for (Hearer hearer : hearers.values()) {
            try {
                hearer.completed(how);
            } catch (RuntimeException e) {
                LOG.log(Level.WARNING, "one that waited for the end of a transaction failed", e);
            }
        }
        endReading();
    }

    /** Where the pool gives connections without autocommit, what the hearers read is a transaction more. */
    private void endReading() {
        Connection used = connection;
        try {
            if (used != null && !hearers.isEmpty() && !used.isClosed() && !used.getAutoCommit()) {
                used.rollback();
            }
        } catch (SQLException e) {
            LOG.log(Level.DEBUG, "could not end the reading after a transaction", e);
        }
    }
}
