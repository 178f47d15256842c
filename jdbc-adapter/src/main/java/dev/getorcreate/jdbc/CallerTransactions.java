package dev.getorcreate.jdbc;

import dev.getorcreate.spi.Transactions;
import java.sql.Connection;
import org.jspecify.annotations.Nullable;

/**
 * Callers' transactions on one database, as whatever manages them tells of them: {@link JdbcTransactions} is plain JDBC's,
 * {@code SpringTransactions} of {@code getorcreate-spring} is Spring's. Three methods make one of any other manager.
 */
public interface CallerTransactions extends Transactions {

    /**
     * The connection of the transaction that this thread is in, and while hearers are told of its end; null: there is none
     * on this database. It stays the manager's: the arbiter makes savepoints on it and undoes them, and neither ends its
     * transaction, nor closes it, nor sets anything on it.
     */
    @Nullable
    Connection connection();
}
