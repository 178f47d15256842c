package dev.getorcreate.spring;

import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.spi.Transactions.Completion;
import dev.getorcreate.spi.Transactions.Hearer;
import java.lang.System.Logger.Level;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.springframework.core.Ordered;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.datasource.ConnectionHolder;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;

/**
 * One transaction, bound to its thread with those around it, of which the one that has the connection of the moment counts:
 * a manager that suspends its transaction takes the connection away from the thread, and another manager's begin, for which
 * Spring suspends no more than the synchronizations, does not. Used by its thread only.
 */
final class JoinedTransaction implements TransactionSynchronization {

    private static final System.Logger LOG = System.getLogger(SpringTransactions.class.getName());

    private final Object key;
    /** Null: the manager shows no connection of it. */
    private final @Nullable ConnectionHolder holder;
    /** The next one around it. */
    private @Nullable JoinedTransaction outer;

    private final Map<Object, Hearer> hearers = new LinkedHashMap<>();
    /** As it was while the transaction was open: JPA's holder may give none afterwards. */
    private @Nullable Connection connection;
    /** From here on, a rollback is no proof that it was one: the answer to the commit may have been lost. */
    private boolean committing;

    /** Why nothing of it may be committed any more. */
    private @Nullable SQLException lost;

    private boolean told;
    private boolean over;

    JoinedTransaction(Object key, @Nullable ConnectionHolder holder) {
        this.key = key;
        this.holder = holder;
    }

    void begin() {
        outer = (JoinedTransaction) TransactionSynchronizationManager.unbindResourceIfPossible(key);
        TransactionSynchronizationManager.bindResource(key, this);
        TransactionSynchronizationManager.registerSynchronization(this);
    }

    /** Of this thread's, the one on this connection, or one within it that shows none. */
    static @Nullable JoinedTransaction on(@Nullable Object holder, Object key) {
        JoinedTransaction joined = (JoinedTransaction) TransactionSynchronizationManager.getResource(key);
        while (joined != null && joined.holder != null && joined.holder != holder) {
            joined = joined.outer;
        }
        return joined;
    }

    boolean isOpen() {
        return !committing && !told;
    }

    boolean isEnding() {
        return committing && !told;
    }

    /** Null: it is over, and whoever had the connection has given it back already, as Hibernate may at the commit. */
    @Nullable
    Connection connection() {
        Connection known = connection;
        if (holder == null) {
            return refuse();
        }
        if (known == null) {
            known = holder.getConnection();
            connection = known;
        }
        return told && isClosed(known) ? null : known;
    }

    /** On a connection of its own, what it does would be committed whatever becomes of the transaction. */
    private @Nullable Connection refuse() {
        if (told) {
            return null;
        }
        throw new ArbiterFailedException(
                "the transaction manager shows no connection of its transaction, so this call cannot be part of it, and"
                        + " nothing was sent: use a JPA dialect that shows one, as HibernateJpaDialect does; or call"
                        + " outside of transactions, or a cache whose arbiter joins none",
                null);
    }

    private static boolean isClosed(Connection connection) {
        try {
            return connection.isClosed();
        } catch (SQLException e) {
            return true;
        }
    }

    Hearer hearer(Object owner, Supplier<Hearer> first) {
        return hearers.computeIfAbsent(owner, unused -> first.get());
    }

    @Nullable
    Duration timeLeft() {
        return told || holder == null || !holder.hasTimeout()
                ? null
                : Duration.ofMillis(holder.getTimeToLiveInMillis());
    }

    void lost(SQLException why) {
        lost = why;
    }

    /** What is thrown lets Spring roll back; a {@code TransactionException} would not. */
    void commits() {
        if (lost != null) {
            throw new ConcurrencyFailureException(
                    "the database has undone this transaction in the middle, and what came after that is rolled back too:"
                            + " run all of it again",
                    lost);
        }
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

    /** The first word counts; then nothing is left of it. */
    void end(Completion how) {
        tell(how == Completion.ROLLED_BACK && committing ? Completion.UNKNOWN : how);
        over = true;
        if (TransactionSynchronizationManager.getResource(key) == this) {
            TransactionSynchronizationManager.unbindResource(key);
            JoinedTransaction next = outer;
            while (next != null && next.over) {
                next = next.outer;
            }
            if (next != null) {
                TransactionSynchronizationManager.bindResource(key, next);
            }
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
