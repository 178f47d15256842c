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
import javax.sql.DataSource;
import org.h2.jdbcx.JdbcDataSource;
import org.junit.jupiter.api.Test;
import org.springframework.context.annotation.AnnotationConfigApplicationContext;
import org.springframework.core.env.MapPropertySource;
import org.springframework.jdbc.core.JdbcTemplate;
import org.springframework.jdbc.support.JdbcTransactionManager;
import org.springframework.transaction.support.TransactionTemplate;

/** The configuration that the page on Spring shows is what runs here, and does what the page says. */
class CacheConfigurationIT {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();

    @Test
    void theConfigurationOnThePageIsTheClassThatRuns() throws IOException {
        String source = Files.readString(
                ROOT.resolve("proof/src/test/java/dev/getorcreate/proof/readme/CacheConfiguration.java"));
        String body = source.substring(source.indexOf("@Configuration")).strip();
        assertTrue(
                Files.readString(ROOT.resolve("docs/spring.md")).contains("```java\n" + body + "\n```"),
                "docs/spring.md must show CacheConfiguration.java, word for word");
    }

    @Test
    @SuppressWarnings("unchecked")
    void callsJoinTheirTransactionAndTheContextClosesTheCacheBeforeItsStore() {
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
            context.register(CacheConfiguration.class);
            context.refresh();
            users = context.getBean(GetOrCreateCache.class);
            store = context.getBean(RedisSharedStore.class);

            GetOrCreateCache<String, User> cache = users;
            new TransactionTemplate(manager).executeWithoutResult(transaction -> {
                cache.getOrCreate("ann", email -> new User(email, UUID.randomUUID()));
                transaction.setRollbackOnly();
            });
            assertTrue(cache.find("ann").isEmpty(), "what was rolled back is nobody's record");
            assertEquals(
                    Source.CREATED,
                    cache.obtain("ann", email -> new User(email, UUID.randomUUID()))
                            .source());
            assertEquals(
                    2.0, // the one that was rolled back too
                    context.getBean(MeterRegistry.class)
                            .get("getorcreate.requests")
                            .tag("source", "created")
                            .functionCounter()
                            .count());
        }
        GetOrCreateCache<String, User> closed = users;
        assertThrows(CacheClosedException.class, () -> closed.find("ann"));
        assertFalse(store.isConnected());
    }
}
