package dev.getorcreate.jdbc;

import dev.getorcreate.Arbiter;
import dev.getorcreate.Ruling;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.SQLFeatureNotSupportedException;
import java.sql.Savepoint;
import java.time.Duration;
import java.util.Objects;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The arbiter in the transaction that its caller is in, on that transaction's connection. Nothing is tried again: what an
 * error leaves of a transaction is its owner's to decide. A savepoint lets it go on after a conflict.
 */
final class JoinedArbiter<K, V> implements Arbiter<K, V> {

    private final JdbcArbiter<K, V> own;
    private final CallerTransactions transactions;
    private final Settings<K, V> settings;
    private final Refusals refusals;

    JoinedArbiter(JdbcArbiter<K, V> own, CallerTransactions transactions, Settings<K, V> settings) {
        this.own = own;
        this.transactions = transactions;
        this.settings = settings;
        this.refusals = new Refusals(settings);
    }

    /** Null: the transaction is over, and this is not its thread. */
    private @Nullable Session callers() {
        Connection connection = transactions.connection();
        return connection == null ? null : new Session.Callers(connection, timeout());
    }

    private Duration timeout() {
        Duration left = transactions.timeLeft();
        Duration most = settings.statementTimeout();
        return left != null && left.compareTo(most) < 0 ? left : most;
    }

    @Override
    public Optional<V> find(K key) {
        Objects.requireNonNull(key, "key");
        try (Session session = callers()) {
            return session == null ? own.find(key) : find(own.checked(session), session, key);
        }
    }

    private Optional<V> find(KeyedTable<K, V> table, Session session, K key) {
        try {
            // After the end it is what others get to see: not what somebody else may still roll back.
            boolean uncommitted = !transactions.isActive() && table.dialect().readsUncommitted(session.connection());
            return uncommitted ? Optional.empty() : table.select(session, key);
        } catch (SQLException e) {
            loseIfRolledBack(e);
            throw refusals.inTransaction("find", table.dialect(), e);
        }
    }

    @Override
    public Ruling<V> insert(K key, V candidate) {
        Objects.requireNonNull(key, "key");
        Objects.requireNonNull(candidate, "candidate");
        try (Session session = callers()) {
            return session == null ? own.insert(key, candidate) : insert(own.checked(session), session, key, candidate);
        }
    }

    private Ruling<V> insert(KeyedTable<K, V> table, Session session, K key, V candidate) {
        try {
            return insertAfterSavepoint(table, session, key, candidate);
        } catch (SQLException e) {
            throw refusals.inTransaction("insert", table.dialect(), e);
        }
    }

    private Ruling<V> insertAfterSavepoint(KeyedTable<K, V> table, Session session, K key, V candidate)
            throws SQLException {
        Connection connection = session.connection();
        Savepoint before = connection.setSavepoint();
        try {
            Optional<V> row = table.insert(session, key, candidate);
            if (row.isEmpty()) {
                row = table.select(session, key);
            }
            return Ruling.created(row.orElseThrow(refusals::goneAtOnce));
        } catch (SQLException e) {
            undo(connection, before, e);
            UniqueViolation violation = UniqueViolation.find(e).orElseThrow(() -> e);
            try {
                return afterViolation(table, session, key, violation);
            } catch (SQLException next) {
                loseIfRolledBack(next);
                next.addSuppressed(e);
                throw next;
            }
        } catch (Throwable e) {
            undo(connection, before, e);
            throw e;
        } finally {
            release(connection, before);
        }
    }

    private Ruling<V> afterViolation(KeyedTable<K, V> table, Session session, K key, UniqueViolation violation)
            throws SQLException {
        Optional<V> winner = table.select(session, key);
        if (winner.isPresent()) {
            return Ruling.adopted(winner.get());
        }
        throw table.isKeyConflict(session, violation)
                ? refusals.unseenWinner(violation.exception())
                : refusals.otherConstraint(violation, table.keyConstraints());
    }

    /** A deadlock, for one, has ended the whole transaction, and there is no savepoint any more. */
    private void undo(Connection connection, Savepoint before, Throwable reason) {
        try {
            connection.rollback(before);
        } catch (SQLException e) {
            reason.addSuppressed(e);
            transactions.lost(reason instanceof SQLException why ? why : e);
        }
    }

    /** For what no savepoint is around: the standard's class 40 says that the transaction was rolled back. */
    private void loseIfRolledBack(SQLException e) {
        if (e.getSQLState() != null && e.getSQLState().startsWith("40")) {
            transactions.lost(e);
        }
    }

    /** Many insertions in one transaction must not leave a savepoint each. */
    private static void release(Connection connection, Savepoint before) {
        Session.quietly("savepoint", () -> {
            try {
                connection.releaseSavepoint(before);
            } catch (SQLFeatureNotSupportedException e) {
                // it ends with the transaction
            }
        });
    }
}
