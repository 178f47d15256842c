package dev.getorcreate.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Transactions.Completion;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicReference;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.PlatformTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.jta.JtaTransactionManager;
import org.springframework.transaction.support.AbstractPlatformTransactionManager;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** In transactions of Spring's JDBC, on a pool of a single connection for each transaction that is open. */
class SpringTransactionsTest {

    private HikariDataSource dataSource;
    private JdbcTransactionManager manager;
    private SpringTransactions transactions;
    private TransactionTemplate required;
    private JdbcArbiter<String, String> arbiter;
    private GetOrCreateCache<String, String> here;
    private GetOrCreateCache<String, String> there;

    @BeforeEach
    void open() {
        open(pool(1));
    }

    private void open(HikariDataSource pool) {
        dataSource = pool;
        manager = new JdbcTransactionManager(dataSource);
        JdbcClient.create(dataSource)
                .sql("CREATE TABLE records(k VARCHAR(9) PRIMARY KEY, v VARCHAR(9) NOT NULL)")
                .update();
        transactions = SpringTransactions.of(manager, dataSource);
        required = template(TransactionDefinition.PROPAGATION_REQUIRED);
        arbiter = JdbcArbiter.<String, String>on(dataSource)
                .table("records")
                .key("k", key -> key)
                .columns((row, key, value) -> row.set("v", value))
                .mapper(row -> row.getString("v"))
                .transactions(transactions)
                .build();
        InMemoryRedis redis = new InMemoryRedis();
        here = cache(new InMemorySharedStore(redis));
        there = cache(new InMemorySharedStore(redis));
    }

    private static HikariDataSource pool(int connections) {
        HikariDataSource pool = new HikariDataSource();
        pool.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        pool.setMaximumPoolSize(connections);
        pool.setConnectionTimeout(2000);
        return pool;
    }

    private TransactionTemplate template(int propagation) {
        TransactionTemplate template = new TransactionTemplate(manager);
        template.setPropagationBehavior(propagation);
        return template;
    }

    private GetOrCreateCache<String, String> cache(InMemorySharedStore store) {
        return GetOrCreateCache.<String, String>builder("records")
                .local(CaffeineLocal.defaults())
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5))
                .arbiter(arbiter)
                .build();
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
        dataSource.close();
    }

    @Test
    void aRecordIsPublishedAfterTheCommitByTheTransactionsOwnConnection() {
        required.executeWithoutResult(status -> {
            assertEquals(new Outcome<>("1", Source.CREATED), here.obtain("a", key -> "1"));
            assertEquals(new Outcome<>("1", Source.FOUND), here.obtain("a", key -> "never"));
        });
        assertEquals(new Outcome<>("1", Source.LOCAL), here.obtain("a", key -> "never"));
        assertEquals(new Outcome<>("1", Source.SHARED), there.obtain("a", key -> "never"));
    }

    @Test
    void aRollbackLeavesNothing() {
        required.executeWithoutResult(status -> {
            here.obtain("a", key -> "1");
            status.setRollbackOnly();
        });
        assertEquals(Optional.empty(), there.find("a"));
        assertEquals(new Outcome<>("2", Source.CREATED), here.obtain("a", key -> "2"));
    }

    @Test
    void aNestedTransactionThatIsRolledBackLeavesNothing() {
        TransactionTemplate nested = template(TransactionDefinition.PROPAGATION_NESTED);
        required.executeWithoutResult(status -> {
            here.obtain("a", key -> "1");
            nested.executeWithoutResult(inner -> {
                here.obtain("b", key -> "2");
                inner.setRollbackOnly();
            });
        });
        assertEquals(Optional.of("1"), there.find("a"));
        assertEquals(Optional.empty(), there.find("b"));
    }

    @Test
    void anInvalidationIsSentAfterTheCommit() {
        here.obtain("a", key -> "old");
        there.obtain("a", key -> "never");
        required.executeWithoutResult(status -> {
            JdbcClient.create(dataSource).sql("UPDATE records SET v = 'new'").update();
            here.invalidate("a");
            assertEquals("new", here.getOrCreate("a", key -> "never"));
            assertEquals("old", there.getOrCreate("a", key -> "never"));
        });
        assertEquals("new", there.getOrCreate("a", key -> "never"));
    }

    @Test
    void aTransactionOfItsOwnInsideOfAnotherIsAnotherOne() {
        dataSource.setMaximumPoolSize(2);
        List<String> told = new ArrayList<>();
        TransactionTemplate another = template(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        Object owner = new Object();
        required.executeWithoutResult(status -> {
            Connection outer = transactions.connection();
            transactions.hearer(owner, () -> how -> told.add("outer " + how));
            another.executeWithoutResult(inner -> {
                assertNotNull(transactions.connection());
                assertNotSame(outer, transactions.connection());
                transactions.hearer(owner, () -> how -> told.add("inner " + how));
                here.obtain("a", key -> "1");
            });
            assertSame(outer, transactions.connection());
            transactions.hearer(owner, () -> how -> told.add("never"));
            assertEquals(Optional.of("1"), there.find("a"));
            status.setRollbackOnly();
        });
        assertEquals(List.of("inner " + Completion.COMMITTED, "outer " + Completion.ROLLED_BACK), told);
        assertEquals(Optional.of("1"), there.find("a"));
    }

    /** Spring calls such code while the transaction's connection is still bound to the thread. */
    @Test
    void whatIsAskedForAfterTheCommitIsNoPartOfTheTransaction() {
        dataSource.setMaximumPoolSize(2);
        List<Object> asked = new ArrayList<>();
        required.executeWithoutResult(status -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCommit() {
                    asked.add(here.obtain("a", key -> "never"));
                    asked.add(here.obtain("b", key -> "2"));
                }

                @Override
                public void afterCompletion(int how) {
                    asked.add(here.invalidate("b"));
                    asked.add(here.obtain("c", key -> "3"));
                }
            });
            here.obtain("a", key -> "1");
        });
        assertEquals(
                List.of(
                        new Outcome<>("1", Source.LOCAL),
                        new Outcome<>("2", Source.CREATED),
                        Invalidation.CONFIRMED,
                        new Outcome<>("3", Source.CREATED)),
                asked);
        assertEquals(Optional.of("2"), arbiter.find("b"));
        assertEquals(Optional.of("3"), arbiter.find("c"));
    }

    @Test
    void afterARollbackTooItWorksAsOutside() {
        dataSource.setMaximumPoolSize(2);
        required.executeWithoutResult(status -> {
            here.obtain("a", key -> "undone");
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void afterCompletion(int how) {
                    here.obtain("a", key -> "anew");
                }
            });
            status.setRollbackOnly();
        });
        assertEquals(Optional.of("anew"), arbiter.find("a"));
        assertEquals(new Outcome<>("anew", Source.LOCAL), here.obtain("a", key -> "never"));
    }

    @Test
    void theTimeThatATransactionMayTakeBoundsWhatIsDoneInIt() {
        required.executeWithoutResult(status -> assertNull(transactions.timeLeft()));
        required.setTimeout(100);
        AtomicReference<@Nullable Duration> afterwards = new AtomicReference<>(Duration.ZERO);
        required.executeWithoutResult(status -> {
            Duration left = Objects.requireNonNull(transactions.timeLeft());
            assertTrue(left.compareTo(Duration.ofSeconds(100)) <= 0 && left.compareTo(Duration.ofSeconds(1)) > 0);
            transactions.hearer(this, () -> how -> afterwards.set(transactions.timeLeft()));
        });
        assertNull(afterwards.get(), "what is read after the end is no part of it");
        assertNull(transactions.timeLeft());
    }

    /** Whoever catches what a deadlock lets a call throw, and goes on, would commit what came after it alone. */
    @Test
    void whatTheDatabaseHasUndoneIsNotCommittedInPart() {
        List<Completion> told = new ArrayList<>();
        SQLException deadlock = new SQLException("deadlock", "40001");
        TransactionTemplate joins = template(TransactionDefinition.PROPAGATION_REQUIRED);
        ConcurrencyFailureException e = assertThrows(
                ConcurrencyFailureException.class,
                () -> required.executeWithoutResult(status -> {
                    transactions.hearer(this, () -> told::add);
                    joins.executeWithoutResult(inner -> transactions.lost(deadlock));
                    here.obtain("a", key -> "after");
                }));
        assertSame(deadlock, e.getCause());
        assertEquals(List.of(Completion.ROLLED_BACK), told);
        assertEquals(Optional.empty(), there.find("a"));
        required.executeWithoutResult(status -> here.obtain("a", key -> "again"));
        assertEquals(Optional.of("again"), there.find("a"));
    }

    @Test
    void aPoolWithoutAutocommitGetsItsConnectionsBackWithNoTransactionOpen() {
        close();
        HikariDataSource pool = pool(1);
        pool.setAutoCommit(false);
        open(pool);
        required.executeWithoutResult(status -> {
            here.obtain("a", key -> "1");
            assertEquals(Invalidation.AFTER_COMMIT, here.invalidate("b"));
        });
        assertEquals(new Outcome<>("1", Source.LOCAL), here.obtain("a", key -> "never"));
        assertEquals(Optional.of("1"), arbiter.find("a"));
    }

    @Test
    void anAnswerToTheCommitThatWasLostIsNotTakenForARollback() {
        List<Completion> told = new ArrayList<>();
        DataSource losing = new DelegatingDataSource(dataSource) {
            @Override
            public Connection getConnection() throws SQLException {
                return losingItsCommit(super.getConnection());
            }
        };
        JdbcTransactionManager loses = new JdbcTransactionManager(losing);
        SpringTransactions its = SpringTransactions.of(loses, losing);
        assertThrows(DataAccessException.class, () -> new TransactionTemplate(loses)
                .executeWithoutResult(status -> its.hearer(this, () -> told::add)));
        assertEquals(List.of(Completion.UNKNOWN), told);
    }

    private static Connection losingItsCommit(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                SpringTransactionsTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    if (method.getName().equals("commit")) {
                        throw new SQLException("the connection was lost", "08006");
                    }
                    return method.invoke(connection, arguments);
                });
    }

    @Test
    void transactionsOfOthersAreNotItsOwn() {
        assertNull(transactions.connection());
        try (HikariDataSource other = pool(1)) {
            JdbcTransactionManager otherManager = new JdbcTransactionManager(other);
            SpringTransactions others = SpringTransactions.of(otherManager, other);
            required.executeWithoutResult(status -> {
                assertNotNull(transactions.connection());
                assertNull(others.connection());
                // Kept at hand by Spring until the transaction ends, in autocommit.
                JdbcClient.create(other).sql("SELECT 1").query().singleValue();
                assertNull(others.connection());
                assertThrows(IllegalStateException.class, () -> others.hearer(this, () -> how -> {}));
                // One within the other, by two managers: the inner one ends by itself.
                List<Completion> told = new ArrayList<>();
                new TransactionTemplate(otherManager).executeWithoutResult(inner -> {
                    assertNotNull(others.connection());
                    others.hearer(this, () -> told::add);
                });
                assertEquals(List.of(Completion.COMMITTED), told);
                assertNull(others.connection());
                status.setRollbackOnly();
            });
        }
    }

    /** Spring suspends no more than the synchronizations then: the connection, and what was written on it, stays. */
    @Test
    void insideOfAnotherManagersTransactionItIsStillTheOuterOnes() {
        here.obtain("a", key -> "old");
        there.obtain("a", key -> "never");
        try (HikariDataSource other = pool(1)) {
            TransactionTemplate others = new TransactionTemplate(new JdbcTransactionManager(other));
            TransactionTemplate another = template(TransactionDefinition.PROPAGATION_NOT_SUPPORTED);
            required.executeWithoutResult(status -> {
                JdbcClient.create(dataSource)
                        .sql("UPDATE records SET v = 'new'")
                        .update();
                Connection outer = transactions.connection();
                others.executeWithoutResult(inner -> {
                    assertSame(outer, transactions.connection());
                    assertEquals(Invalidation.AFTER_COMMIT, here.invalidate("a"));
                    assertEquals(new Outcome<>("1", Source.CREATED), here.obtain("b", key -> "1"));
                    another.executeWithoutResult(none -> assertNull(transactions.connection()));
                    assertSame(outer, transactions.connection());
                });
                assertEquals("old", there.getOrCreate("a", key -> "never"));
                assertEquals(new Outcome<>("1", Source.FOUND), here.obtain("b", key -> "never"));
            });
        }
        assertEquals("new", there.getOrCreate("a", key -> "never"));
        assertEquals(Optional.of("1"), there.find("b"));
        assertNull(transactions.connection());
    }

    @Test
    void aManagerOfAnotherDataSourceIsRefused() {
        try (HikariDataSource other = pool(1)) {
            JdbcTransactionManager otherManager = new JdbcTransactionManager(other);
            String message = assertThrows(
                            IllegalArgumentException.class, () -> SpringTransactions.of(otherManager, dataSource))
                    .getMessage();
            assertTrue(message.contains("has another DataSource"), message);
        }
    }

    @Test
    void aManagerThatNamesNoDataSourceIsRefused() {
        String message = assertThrows(
                        IllegalArgumentException.class,
                        () -> SpringTransactions.of(new JtaTransactionManager(), dataSource))
                .getMessage();
        assertTrue(message.contains("names no DataSource"), message);
    }

    /** Its transactions would begin unseen, and what is created in them would be committed at once. */
    @Test
    void aManagerThatLetsNobodyTakePartIsRefused() {
        manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_NEVER);
        String message = assertThrows(IllegalArgumentException.class, () -> SpringTransactions.of(manager, dataSource))
                .getMessage();
        assertTrue(message.contains("SYNCHRONIZATION_NEVER"), message);
        manager.setTransactionSynchronization(AbstractPlatformTransactionManager.SYNCHRONIZATION_ON_ACTUAL_TRANSACTION);
        assertNotNull(SpringTransactions.of(manager, dataSource));
    }

    /** What has begun before is not heard of, and its calls would be committed at once. */
    @Test
    void toBeginWithinATransactionIsRefused() {
        required.executeWithoutResult(status -> {
            String message = assertThrows(IllegalStateException.class, () -> SpringTransactions.of(manager, dataSource))
                    .getMessage();
            assertTrue(message.contains("has begun before"), message);
        });
        here.obtain("a", key -> "1"); // a connection of its own, in no transaction
        TransactionTemplate none = template(TransactionDefinition.PROPAGATION_SUPPORTS);
        none.executeWithoutResult(status -> {
            JdbcClient.create(dataSource).sql("SELECT 1").query().singleValue();
            assertNotNull(SpringTransactions.of(manager, dataSource));
        });
    }

    @Test
    void aManagerThatCannotBeListenedToIsRefused() {
        PlatformTransactionManager deaf = (PlatformTransactionManager) Proxy.newProxyInstance(
                getClass().getClassLoader(),
                new Class<?>[] {PlatformTransactionManager.class},
                (proxy, method, arguments) -> null);
        String message = assertThrows(IllegalArgumentException.class, () -> SpringTransactions.of(deaf, dataSource))
                .getMessage();
        assertTrue(message.contains("no ConfigurableTransactionManager"), message);
    }
}
