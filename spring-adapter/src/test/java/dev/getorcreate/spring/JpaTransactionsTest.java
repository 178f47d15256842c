package dev.getorcreate.spring;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.zaxxer.hikari.HikariDataSource;
import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import dev.getorcreate.Ruling.Verdict;
import dev.getorcreate.Source;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import jakarta.persistence.Entity;
import jakarta.persistence.EntityManager;
import jakarta.persistence.EntityManagerFactory;
import jakarta.persistence.Id;
import jakarta.persistence.PostUpdate;
import java.sql.SQLException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.springframework.dao.ConcurrencyFailureException;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.orm.jpa.DefaultJpaDialect;
import org.springframework.orm.jpa.EntityManagerFactoryUtils;
import org.springframework.orm.jpa.EntityManagerHolder;
import org.springframework.orm.jpa.JpaTransactionManager;
import org.springframework.orm.jpa.LocalContainerEntityManagerFactoryBean;
import org.springframework.orm.jpa.vendor.HibernateJpaVendorAdapter;
import org.springframework.transaction.support.TransactionSynchronizationManager;
import org.springframework.transaction.support.TransactionTemplate;

/** In transactions of JPA, by Hibernate: what entities do and what a cache does is committed together, or not at all. */
class JpaTransactionsTest {

    /** Something that the caller stores itself. */
    @Entity(name = "orders")
    static class Order {
        @Id
        private long id;

        private long total;

        /** What an application does when one was changed, wherever that was. */
        private static Runnable changed = () -> {};

        Order() {}

        Order(long id) {
            this.id = id;
        }

        long id() {
            return id;
        }

        void total(long now) {
            total = now;
        }

        long total() {
            return total;
        }

        @PostUpdate
        void updated() {
            changed.run();
        }
    }

    /** Of one connection: whoever takes a second one waits for ever. */
    private HikariDataSource dataSource = new HikariDataSource();

    private LocalContainerEntityManagerFactoryBean factory = new LocalContainerEntityManagerFactoryBean();
    private EntityManagerFactory entities;
    private JpaTransactionManager manager;
    private TransactionTemplate transaction;
    private SpringTransactions transactions;
    private GetOrCreateCache<String, String> cache;

    @BeforeEach
    void open() {
        open(Map.of());
    }

    private void open(Map<String, Object> properties) {
        dataSource.setJdbcUrl("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        dataSource.setMaximumPoolSize(1);
        dataSource.setConnectionTimeout(2000);
        JdbcClient.create(dataSource)
                .sql("CREATE TABLE records(k VARCHAR(9) PRIMARY KEY, v VARCHAR(9) NOT NULL)")
                .update();
        factory.setDataSource(dataSource);
        factory.setJpaVendorAdapter(new HibernateJpaVendorAdapter());
        factory.setManagedTypes(
                org.springframework.orm.jpa.persistenceunit.PersistenceManagedTypes.of(Order.class.getName()));
        factory.setJpaPropertyMap(properties);
        factory.getJpaPropertyMap().put("hibernate.hbm2ddl.auto", "create");
        factory.afterPropertiesSet();
        entities = Objects.requireNonNull(factory.getObject());
        manager = new JpaTransactionManager(entities);
        transaction = new TransactionTemplate(manager);
        cache = cache(manager);
    }

    private GetOrCreateCache<String, String> cache(JpaTransactionManager manager) {
        transactions = SpringTransactions.of(manager, dataSource);
        return GetOrCreateCache.<String, String>builder("records")
                .local(CaffeineLocal.defaults())
                .arbiter(JdbcArbiter.<String, String>on(dataSource)
                        .table("records")
                        .key("k", key -> key)
                        .columns((row, key, value) -> row.set("v", value))
                        .mapper(row -> row.getString("v"))
                        .transactions(transactions)
                        .build())
                .build();
    }

    @AfterEach
    void close() {
        Order.changed = () -> {};
        cache.close();
        factory.destroy();
        dataSource.close();
    }

    private void placeOrder(long id) {
        Objects.requireNonNull(EntityManagerFactoryUtils.getTransactionalEntityManager(entities))
                .persist(new Order(id));
        assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
    }

    private Object orders() {
        return JdbcClient.create(dataSource)
                .sql("SELECT count(*) FROM orders")
                .query()
                .singleValue();
    }

    @Test
    void bothAreCommitted() {
        transaction.executeWithoutResult(status -> placeOrder(1));
        assertEquals(1L, orders());
        assertEquals(new Outcome<>("v", Source.LOCAL), cache.obtain("k", key -> "never"));
    }

    @Test
    void orBothAreRolledBack() {
        assertThrows(
                IllegalStateException.class,
                () -> transaction.executeWithoutResult(status -> {
                    placeOrder(1);
                    throw new IllegalStateException();
                }));
        assertEquals(0L, orders());
        assertEquals(Optional.empty(), cache.find("k"));
    }

    @Test
    void nothingIsCommittedOfWhatTheDatabaseHasUndone() {
        assertThrows(
                ConcurrencyFailureException.class,
                () -> transaction.executeWithoutResult(status -> {
                    transactions.lost(new SQLException("deadlock", "40001"));
                    placeOrder(1);
                }));
        assertEquals(0L, orders());
        assertEquals(Optional.empty(), cache.find("k"));
    }

    /** Hibernate finds out at the commit what has changed, and writes it before it commits. */
    @Test
    void whatAnEntitysListenerInvalidatesIsToldAfterTheCommit() {
        transaction.executeWithoutResult(status -> placeOrder(1));
        List<Invalidation> invalidated = new ArrayList<>();
        List<Optional<String>> seenByOthers = new ArrayList<>();
        Order.changed = () -> {
            invalidated.add(cache.invalidate("k"));
            seenByOthers.add(
                    CompletableFuture.supplyAsync(() -> cache.find("k")).join());
        };
        transaction.executeWithoutResult(status -> {
            EntityManager manager =
                    Objects.requireNonNull(EntityManagerFactoryUtils.getTransactionalEntityManager(entities));
            manager.find(Order.class, 1L).total(2);
            manager.createNativeQuery("UPDATE records SET v = 'new'").executeUpdate();
            manager.find(Order.class, 1L).total(3);
        });
        assertEquals(Optional.of("v"), seenByOthers.get(seenByOthers.size() - 1));
        assertEquals(Invalidation.AFTER_COMMIT, invalidated.get(invalidated.size() - 1));
        assertEquals(new Outcome<>("new", Source.FOUND), cache.obtain("k", key -> "never"));
    }

    /** As Hibernate does without Spring's adapter: at the commit the connection goes back to its pool. */
    @Test
    void whereTheConnectionIsGivenBackAtTheCommitItIsPublishedByAnother() {
        close();
        factory = new LocalContainerEntityManagerFactoryBean();
        dataSource = new HikariDataSource();
        open(Map.of("hibernate.connection.handling_mode", "DELAYED_ACQUISITION_AND_RELEASE_AFTER_TRANSACTION"));
        transaction.executeWithoutResult(status -> placeOrder(1));
        assertEquals(new Outcome<>("v", Source.LOCAL), cache.obtain("k", key -> "never"));
    }

    @Test
    void aManagerOfAnotherDataSourceOrOfNoneIsRefused() {
        try (HikariDataSource other = new HikariDataSource()) {
            assertRefused("has another DataSource", other);
            manager.setDataSource(null);
            assertRefused("names no DataSource", dataSource);
        }
    }

    private void assertRefused(String why, HikariDataSource given) {
        String message = assertThrows(IllegalArgumentException.class, () -> SpringTransactions.of(manager, given))
                .getMessage();
        assertTrue(message.contains(why), message);
    }

    /** It could be no part of what is committed or rolled back. */
    @Test
    void aTransactionThatShowsNoConnectionRefusesWhatWouldNeedIt() {
        cache.close();
        dataSource.setMaximumPoolSize(2);
        JpaTransactionManager blind = new JpaTransactionManager(entities);
        blind.setJpaDialect(new DefaultJpaDialect());
        cache = cache(blind);
        cache.obtain("k", key -> "old");
        new TransactionTemplate(blind).executeWithoutResult(status -> {
            ArbiterFailedException e = assertThrows(ArbiterFailedException.class, () -> cache.obtain("l", key -> "1"));
            assertTrue(e.getMessage().contains("shows no connection"), e.getMessage());
            // Bound to the thread until the end of the transaction, and no part of it.
            JdbcClient.create(dataSource).sql("UPDATE records SET v = 'new'").update();
            assertThrows(ArbiterFailedException.class, () -> cache.find("l"));
            assertEquals(Invalidation.AFTER_COMMIT, cache.invalidate("k"));
            assertThrows(ArbiterFailedException.class, () -> cache.find("k"));
        });
        assertEquals(Optional.empty(), cache.find("l"));
        assertEquals(Optional.of("new"), cache.find("k"));
        assertEquals(new Outcome<>("1", Source.CREATED), cache.obtain("l", key -> "1"));
    }

    private EntityManager manager() {
        return Objects.requireNonNull(EntityManagerFactoryUtils.getTransactionalEntityManager(entities));
    }

    private Arbiter<Long, Order> repository() {
        OwnTransactions own = OwnTransactions.by(new JpaTransactionManager(entities));
        return JdbcArbiter.of(
                own.find(id -> Optional.ofNullable(manager().find(Order.class, id))), own.insert((id, order) -> {
                    manager().persist(order); // nothing is written before the commit
                    return order;
                }));
    }

    @Test
    void aRepositorysRowIsCommittedWhateverBecomesOfItsCallersTransaction() {
        dataSource.setMaximumPoolSize(2);
        assertThrows(
                IllegalStateException.class,
                () -> transaction.executeWithoutResult(status -> {
                    assertEquals(
                            Verdict.CREATED,
                            repository().insert(1L, new Order(1)).verdict());
                    throw new IllegalStateException();
                }));
        assertEquals(1L, orders());
        assertEquals(1L, repository().find(1L).map(Order::id).orElseThrow());
    }

    @Test
    void aRepositorysConflictThatShowsAtTheCommitIsRecognised() {
        assertEquals(Verdict.CREATED, repository().insert(1L, new Order(1)).verdict());
        assertEquals(Verdict.ADOPTED, repository().insert(1L, new Order(1)).verdict());
        assertEquals(1L, orders());
    }

    /** As Spring Boot has it by default in a web application, for the view. */
    @Test
    void anEntityManagerThatIsOpenForAWholeRequestIsLaidAside() {
        assertEquals(Verdict.CREATED, repository().insert(1L, new Order(1)).verdict());
        dataSource.setMaximumPoolSize(2); // Hibernate keeps one, having read something
        try (EntityManager request = entities.createEntityManager()) {
            TransactionSynchronizationManager.bindResource(entities, new EntityManagerHolder(request));
            Order loaded = request.find(Order.class, 1L);
            JdbcClient.create(dataSource).sql("UPDATE orders SET total = 7").update();
            assertEquals(7, repository().find(1L).map(Order::total).orElseThrow());
            loaded.total(99);
            assertEquals(Verdict.ADOPTED, repository().insert(1L, new Order(1)).verdict());
            assertEquals(7, repository().find(1L).map(Order::total).orElseThrow());
            assertTrue(request.contains(loaded));
            assertEquals(request, manager());
        } finally {
            var unused = TransactionSynchronizationManager.unbindResource(entities);
        }
    }
}
