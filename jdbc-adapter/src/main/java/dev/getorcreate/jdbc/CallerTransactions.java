package dev.getorcreate.jdbc;

import dev.getorcreate.spi.Transactions;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Callers' transactions on one database, as whatever manages them tells of them: {@link JdbcTransactions} is plain JDBC's,
 * {@code SpringTransactions} of {@code getorcreate-spring} is Spring's. Three methods make one of any other manager;
 * {@link #lost} keeps it from committing what a deadlock has left.
 */
public interface CallerTransactions extends Transactions {

    /**
     * The connection of the transaction that this thread is in, and while hearers are told of its end; null: there is none
     * on this database. It stays the manager's: the arbiter makes savepoints on it and undoes them, and neither ends its
     * transaction, nor closes it, nor sets anything on it.
     */
    @Nullable
    Connection connection();

    /** How long the transaction that this thread is in may still take, more than nothing; null: nobody says. */
    default @Nullable Duration timeLeft() {
        return null;
    }

    /**
     * The database has undone the transaction that this thread is in, as MySQL and MariaDB do after a deadlock, and has
     * perhaps begun another one on the same connection. The call that met it fails; but if its caller goes on all the same,
     * what follows must not be committed without what was before. So the manager is to refuse the commit, and to roll back.
     *
     * @param why what the database said
     */
    default void lost(SQLException why) {}
}
