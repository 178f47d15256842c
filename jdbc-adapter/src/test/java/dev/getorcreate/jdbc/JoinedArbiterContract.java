package dev.getorcreate.jdbc;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.Ruling;
import dev.getorcreate.spi.Transactions.Completion;
import java.sql.Connection;
import java.sql.SQLException;
import java.sql.Savepoint;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicBoolean;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What {@link JdbcArbiter#joined} does in one caller's transaction, on every database. */
abstract class JoinedArbiterContract {

    DataSource dataSource;
    JdbcTransactions transactions;
    final String table = "joined_" + UUID.randomUUID().toString().replace("-", "");
    JdbcArbiter<String, String> own;
    Arbiter<String, String> joined;

    abstract DataSource dataSource() throws Exception;

    /** A text that is compared exactly. */
    String text() {
        return "VARCHAR(100)";
    }

    @BeforeEach
    void open() throws Exception {
        dataSource = dataSource();
        transactions = new JdbcTransactions(dataSource);
        Sql.run(
                dataSource,
                "CREATE TABLE " + table + "(k " + text() + " NOT NULL, v " + text() + " NOT NULL, PRIMARY KEY (k),"
                        + " CONSTRAINT uq_" + table + "_v UNIQUE (v))");
        own = JdbcArbiter.<String, String>on(dataSource)
                .table(table)
                .key("k", key -> key)
                .columns((row, key, value) -> row.set("v", value))
                .mapper(row -> row.getString("v"))
                .transactions(transactions)
                .build();
        joined = own.joined();
    }

    @AfterEach
    void drop() throws Exception {
        Sql.run(dataSource, "DROP TABLE " + table);
    }

    String rows() throws Exception {
        return Sql.ask(dataSource, "SELECT count(*) FROM " + table);
    }

    @Test
    void theArbiterNamesTheTransactionsItJoins() {
        assertSame(transactions, own.transactions());
    }

    @Test
    void whatItInsertsIsSeenInsideAndCommittedWithTheTransaction() throws Exception {
        Ruling<String> ruling = transactions.run(connection -> {
            assertEquals(Optional.empty(), joined.find("a"));
            Ruling<String> created = joined.insert("a", "1");
            assertEquals(Optional.of("1"), joined.find("a"));
            return created;
        });
        assertEquals(Ruling.created("1"), ruling);
        assertEquals(Optional.of("1"), own.find("a"));
    }

    @Test
    void itIsUndoneWithTheTransaction() throws Exception {
        IllegalStateException mine = new IllegalStateException("mine");
        assertSame(
                mine,
                assertThrows(
                        IllegalStateException.class,
                        () -> transactions.run(connection -> {
                            joined.insert("a", "1");
                            throw mine;
                        })));
        assertEquals(Optional.empty(), own.find("a"));
    }

    @Test
    void itIsUndoneWithASavepointOfTheCallers() throws Exception {
        transactions.run(connection -> {
            joined.insert("a", "1");
            Savepoint mine = connection.setSavepoint();
            joined.insert("b", "2");
            connection.rollback(mine);
            assertEquals(Optional.empty(), joined.find("b"));
            return joined.insert("b", "3");
        });
        assertEquals(Optional.of("1"), own.find("a"));
        assertEquals(Optional.of("3"), own.find("b"));
    }

    @Test
    void aCommittedRowIsAdoptedAndTheTransactionGoesOn() throws Exception {
        own.insert("a", "theirs");
        transactions.run(connection -> {
            joined.insert("b", "before");
            assertEquals(Ruling.adopted("theirs"), joined.insert("a", "mine"));
            return joined.insert("c", "after");
        });
        assertEquals(Optional.of("before"), own.find("b"));
        assertEquals(Optional.of("after"), own.find("c"));
    }

    @Test
    void anotherConstraintsViolationIsAnErrorAndTheTransactionGoesOn() throws Exception {
        transactions.run(connection -> {
            joined.insert("a", "taken");
            ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> joined.insert("b", "taken"));
            assertTrue(e.getMessage().contains("nobody got there first"), e::getMessage);
            return joined.insert("c", "after");
        });
        assertEquals("2", rows());
    }

    @Test
    void anErrorOfTheStatementIsAnErrorAndTheTransactionGoesOn() throws Exception {
        JdbcArbiter<String, String> withoutValue = JdbcArbiter.<String, String>on(dataSource)
                .table(table)
                .key("k", key -> key)
                .mapper(row -> row.getString("v"))
                .transactions(transactions)
                .build();
        transactions.run(connection -> {
            joined.insert("a", "before");
            assertThrows(
                    ArbiterFailedException.class, () -> withoutValue.joined().insert("b", "1"));
            return joined.insert("c", "after");
        });
        assertEquals("2", rows());
    }

    @Test
    void itUsesTheTransactionsConnectionAloneAndLeavesItAsItWas() throws Exception {
        List<Connection> taken = new ArrayList<>();
        DataSource counted = Pool.of(() -> {
            Connection connection = dataSource.getConnection();
            taken.add(connection);
            return connection;
        });
        JdbcTransactions few = new JdbcTransactions(dataSource);
        JdbcArbiter<String, String> arbiter = JdbcArbiter.<String, String>on(counted)
                .table(table)
                .key("k", key -> key)
                .columns((row, key, value) -> row.set("v", value))
                .mapper(row -> row.getString("v"))
                .transactions(few)
                .build();
        int forTheCheck = taken.size();
        few.run(connection -> {
            int isolation = connection.getTransactionIsolation();
            int timeout = connection.getNetworkTimeout();
            try (Statement statement = connection.createStatement()) {
                int queryTimeout = statement.getQueryTimeout();
                arbiter.joined().find("a");
                arbiter.joined().insert("a", "1");
                arbiter.joined().insert("a", "2");
                assertEquals(queryTimeout, statement.getQueryTimeout());
            }
            assertFalse(connection.getAutoCommit());
            assertFalse(connection.isClosed());
            assertEquals(isolation, connection.getTransactionIsolation());
            assertEquals(timeout, connection.getNetworkTimeout());
            return null;
        });
        assertEquals(forTheCheck, taken.size());
        for (Connection connection : taken) {
            connection.close();
        }
    }

    /** Lets no more be written on a connection, as a read-only transaction does. */
    void makeReadOnly(Connection connection) throws SQLException {
        connection.setReadOnly(true);
    }

    /** Where the database did not answer at build time. */
    @Test
    void itMayBeFirstUsedInATransactionThatIsReadOnly() throws Exception {
        AtomicBoolean away = new AtomicBoolean(true);
        JdbcArbiter<String, String> late = JdbcArbiter.<String, String>on(Pool.of(() -> {
                    if (away.get()) {
                        throw new SQLException("refused", "08001");
                    }
                    return dataSource.getConnection();
                }))
                .table(table)
                .key("k", key -> key)
                .columns((row, key, value) -> row.set("v", value))
                .mapper(row -> row.getString("v"))
                .transactions(transactions)
                .build();
        away.set(false);
        Optional<String> found = transactions.run(connection -> {
            makeReadOnly(connection);
            return late.joined().find("a");
        });
        assertEquals(Optional.empty(), found);
        assertEquals(Ruling.created("1"), late.insert("a", "1"));
    }

    @Test
    void outsideOfATransactionItIsTheArbiterItself() throws Exception {
        assertEquals(Ruling.created("1"), joined.insert("a", "1"));
        assertEquals(Ruling.adopted("1"), joined.insert("a", "2"));
        assertEquals(Optional.of("1"), joined.find("a"));
    }

    @Test
    void hearersAreToldOnceHowItEndedAndOnlyTheirOwnTransactions() throws Exception {
        List<Completion> told = new ArrayList<>();
        Object owner = new Object();
        transactions.run(connection -> {
            transactions.hearer(owner, () -> told::add);
            transactions.hearer(owner, () -> told::add);
            return transactions.run(inner -> transactions.hearer(owner, () -> told::add));
        });
        assertThrows(
                IllegalStateException.class,
                () -> transactions.run(connection -> {
                    transactions.hearer(owner, () -> told::add);
                    throw new IllegalStateException();
                }));
        transactions.run(connection -> null);
        assertEquals(List.of(Completion.COMMITTED, Completion.ROLLED_BACK), told);
        assertThrows(IllegalStateException.class, () -> transactions.hearer(owner, () -> told::add));
    }
}
