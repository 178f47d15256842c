package dev.getorcreate.proof.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheClosedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Source;
import dev.getorcreate.proof.readme.Users.User;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.testkit.RedisServer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.UUID;
import java.util.function.BiConsumer;
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.ApplicationContext;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.core.simple.JdbcClient;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.annotation.EnableTransactionManagement;
import org.springframework.transaction.support.TransactionTemplate;

/** The configuration that the page on Spring shows is what runs here, and does what the page says. */
class CacheConfigurationIT {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @ParameterizedTest
    @ValueSource(strings = {"CacheConfiguration", "JoiningConfiguration", "UserService"})
    void whatIsShownOnThePageIsTheClassesThatRun(String name) throws IOException {
        String source =
                Files.readString(ROOT.resolve("proof/src/test/java/dev/getorcreate/proof/readme/" + name + ".java"));
        String body = source.substring(source.indexOf("\n@")).strip();
        assertTrue(
                Files.readString(ROOT.resolve("docs/spring.md")).contains("```java\n" + body + "\n```"),
                () -> "docs/spring.md must show " + name + ".java, word for word");
    }

    @Test
    void whatIsCreatedInATransactionIsCommittedAtOnceAndTheContextClosesTheCacheBeforeItsStore() {
        BiConsumer<ApplicationContext, GetOrCreateCache<String, User>> test = (context, cache) -> {
            createAndRollBack(context, cache);
            assertTrue(cache.find("ann").isPresent(), "it was committed on a connection of its own");
            assertEquals(
                    1.0,
                    context.getBean(MeterRegistry.class)
                            .get("getorcreate.requests")
                            .tag("source", "created")
                            .functionCounter()
                            .count());
        };
        run(test, CacheConfiguration.class);
    }

    @Test
    void callsJoinTheirTransaction() {
        BiConsumer<ApplicationContext, GetOrCreateCache<String, User>> test = (context, cache) -> {
            createAndRollBack(context, cache);
            assertTrue(cache.find("ann").isEmpty(), "what was rolled back is nobody's record");
            assertEquals(
                    Source.CREATED,
                    cache.obtain("ann", email -> new User(email, UUID.randomUUID()))
                            .source());
        };
        run(test, JoiningConfiguration.class, Store.class);
    }

    @Test
    void theServiceInvalidatesAfterItsCommit() {
        BiConsumer<ApplicationContext, GetOrCreateCache<String, User>> test = (context, cache) -> {
            cache.getOrCreate("ann", email -> new User(email, new UUID(0, 1)));
            new TransactionTemplate(context.getBean(JdbcTransactionManager.class)).executeWithoutResult(transaction -> {
                context.getBean(UserService.class).renumber("ann", new UUID(0, 2));
                assertEquals(new UUID(0, 1), cache.find("ann").orElseThrow().id(), "before the commit");
            });
            assertEquals(new UUID(0, 2), cache.find("ann").orElseThrow().id());
        };
        run(test, CacheConfiguration.class, UserService.class, ByAnnotation.class);
    }

    /** As Spring Boot has it. */
    @Configuration(proxyBeanMethods = false)
    @EnableTransactionManagement
    static class ByAnnotation {

        @Bean
        JdbcClient client(DataSource database) {
            return JdbcClient.create(database);
        }
    }

    /** As in CacheConfiguration, which has a cache of that name too. */
    @Configuration(proxyBeanMethods = false)
    static class Store {

        @Bean
        RedisSharedStore sharedStore(@Value("${cache.redis}") String uri) {
            return RedisSharedStore.builder(uri).build();
        }
    }

    private static void createAndRollBack(ApplicationContext context, GetOrCreateCache<String, User> cache) {
        new TransactionTemplate(context.getBean(JdbcTransactionManager.class)).executeWithoutResult(transaction -> {
            cache.getOrCreate("ann", email -> new User(email, UUID.randomUUID()));
            transaction.setRollbackOnly();
        });
    }

    @SuppressWarnings("unchecked")
    private static void run(
            BiConsumer<ApplicationContext, GetOrCreateCache<String, User>> test, Class<?>... configurations) {
        JdbcDataSource database = new JdbcDataSource();
        database.setURL("jdbc:h2:mem:" + UUID.randomUUID() + ";DB_CLOSE_DELAY=-1");
        JdbcTemplate sql = new JdbcTemplate(database);
        sql.execute("CREATE TABLE users (email varchar(200) NOT NULL UNIQUE, id uuid NOT NULL)");
        JdbcTransactionManager manager = new JdbcTransactionManager(database);
        GetOrCreateCache<String, User> users;
        RedisSharedStore store;
        try (RedisServer redis = RedisServer.start();
                AnnotationConfigApplicationContext context = new AnnotationConfigApplicationContext()) {
            context.getEnvironment()
                    .getPropertySources()
                    .addFirst(new MapPropertySource("test", Map.of("cache.redis", redis.uri())));
            context.registerBean(DataSource.class, () -> database);
            context.registerBean(JdbcTransactionManager.class, () -> manager);
            context.registerBean(MeterRegistry.class, SimpleMeterRegistry::new);
            context.register(configurations);
            context.refresh();
            users = context.getBean(GetOrCreateCache.class);
            store = context.getBean(RedisSharedStore.class);
            test.accept(context, users);
        }
        GetOrCreateCache<String, User> closed = users;
        assertThrows(CacheClosedException.class, () -> closed.find("ann"));
        assertFalse(store.isConnected());
    }
}
