package dev.getorcreate.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import java.lang.reflect.Proxy;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.DataAccessException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.datasource.DelegatingDataSource;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.TransactionDefinition;
import org.springframework.transaction.support.TransactionSynchronization;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** Caches whose arbiter commits at once, and rows that transactions change. */
class AfterCommitTest {

    private final JdbcDataSource database = new JdbcDataSource();
    private final InMemoryRedis redis = new InMemoryRedis();
    private TransactionTemplate transaction;
    private GetOrCreateCache<String, String> here;
    private GetOrCreateCache<String, String> there;

    @BeforeEach
    void open() {
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        JdbcClient.create(database)
                .sql("CREATE TABLE records(k VARCHAR(9) PRIMARY KEY, v VARCHAR(9) NOT NULL)")
                .update();
        transaction = new TransactionTemplate(new JdbcTransactionManager(database));
        here = cache();
        there = cache();
        here.obtain("a", key -> "old");
        there.obtain("a", key -> "never");
    }

    private GetOrCreateCache<String, String> cache() {
        return GetOrCreateCache.<String, String>builder("records")
                .local(CaffeineLocal.defaults())
                .shared(new InMemorySharedStore(redis), KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5))
                .arbiter(JdbcArbiter.<String, String>on(database)
                        .table("records")
                        .key("k", key -> key)
                        .columns((row, key, value) -> row.set("v", value))
                        .mapper(row -> row.getString("v"))
                        .build())
                .build();
    }

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    private void change() {
        JdbcClient.create(database).sql("UPDATE records SET v = 'new'").update();
    }

    private String cached() {
        return there.getOrCreate("a", key -> "never");
    }

    @Test
    void othersReadTheRowAnewAfterTheCommitAndNotBefore() {
        List<String> told = new ArrayList<>();
        transaction.executeWithoutResult(status -> {
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public int getOrder() {
                    return 0; // an event's listener has none before it
                }

                @Override
                public void afterCompletion(int how) {
                    told.add(cached());
                }
            });
            change();
            assertEquals(Invalidation.AFTER_COMMIT, AfterCommit.invalidate(here, "a"));
            assertEquals("old", cached());
        });
        assertEquals(List.of("new"), told);
    }

    @Test
    void allKeysToo() {
        transaction.executeWithoutResult(status -> {
            change();
            assertEquals(Invalidation.AFTER_COMMIT, AfterCommit.invalidateAll(here));
            assertEquals("old", cached());
        });
        assertEquals("new", cached());
    }

    /** It may be a commit whose answer was lost. */
    @Test
    void afterARollbackTheRowIsReadAnewToo() {
        transaction.executeWithoutResult(status -> {
            AfterCommit.invalidate(here, "a");
            status.setRollbackOnly();
        });
        change();
        assertEquals("new", cached());
    }

    /** Spring calls it a rollback, and it may have taken effect. */
    @Test
    void aCommitWhoseAnswerWasLostIsNoRollback() {
        assertThrows(DataAccessException.class, () -> losing().executeWithoutResult(status -> {
            change();
            AfterCommit.invalidate(here, "a");
        }));
        assertEquals("new", cached());
    }

    /** Of what is asked for there, Spring tells the end alone. */
    @Test
    void norIsItForWhatIsAskedForBeforeTheCommit() {
        assertThrows(DataAccessException.class, () -> losing().executeWithoutResult(status -> {
            change();
            TransactionSynchronizationManager.registerSynchronization(new TransactionSynchronization() {
                @Override
                public void beforeCommit(boolean readOnly) {
                    AfterCommit.invalidate(here, "a");
                }
            });
        }));
        assertEquals("new", cached());
    }

    private TransactionTemplate losing() {
        return new TransactionTemplate(new JdbcTransactionManager(new DelegatingDataSource(database) {
            @Override
            public Connection getConnection() throws SQLException {
                return losingTheAnswer(super.getConnection());
            }
        }));
    }

    private static Connection losingTheAnswer(Connection connection) {
        return (Connection) Proxy.newProxyInstance(
                AfterCommitTest.class.getClassLoader(),
                new Class<?>[] {Connection.class},
                (proxy, method, arguments) -> {
                    Object answer = method.invoke(connection, arguments);
                    if (method.getName().equals("commit")) {
                        throw new SQLException("the connection was lost", "08006");
                    }
                    return answer;
                });
    }

    @Test
    void withoutATransactionItIsDoneAtOnce() {
        change();
        assertEquals(Invalidation.CONFIRMED, AfterCommit.invalidate(here, "a"));
        assertEquals("new", cached());
        TransactionTemplate none = new TransactionTemplate(transaction.getTransactionManager());
        none.setPropagationBehavior(TransactionDefinition.PROPAGATION_SUPPORTS);
        none.executeWithoutResult(status ->
                assertEquals(Invalidation.CONFIRMED, AfterCommit.invalidateAll(here), "nothing is to commit"));
    }

    @Test
    void anInnerTransactionThatCommitsByItselfIsNotWaitedForByTheOuterOnes() {
        TransactionTemplate another = new TransactionTemplate(transaction.getTransactionManager());
        another.setPropagationBehavior(TransactionDefinition.PROPAGATION_REQUIRES_NEW);
        transaction.executeWithoutResult(status -> {
            another.executeWithoutResult(inner -> {
                change();
                AfterCommit.invalidate(here, "a");
                assertEquals("old", cached());
            });
            assertEquals("new", cached());
            status.setRollbackOnly();
        });
    }

    @Test
    void oneThatFailsKeepsNeitherTheCommitNorTheNextOneFromBeingDone() {
        GetOrCreateCache<String, String> closed = cache();
        closed.close();
        transaction.executeWithoutResult(status -> {
            change();
            AfterCommit.invalidate(closed, "a");
            AfterCommit.invalidate(here, "a");
        });
        assertEquals("new", cached());
    }
}
