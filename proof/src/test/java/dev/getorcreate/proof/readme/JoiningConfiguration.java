package dev.getorcreate.proof.readme;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.jackson.JacksonCodec;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.proof.readme.Users.User;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spring.SpringTransactions;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;
import org.springframework.transaction.PlatformTransactionManager;

@Configuration(proxyBeanMethods = false)
class JoiningConfiguration {

    /** Once for a transaction manager, whatever the number of caches: it listens to it. */
    @Bean
    SpringTransactions callersTransactions(PlatformTransactionManager manager, DataSource database) {
        return SpringTransactions.of(manager, database);
    }

    @Bean
    GetOrCreateCache<String, User> users(
            RedisSharedStore redis, DataSource database, SpringTransactions callersTransactions) {
        return GetOrCreateCache.<String, User>builder("shop.users")
                .local(CaffeineLocal.defaults())
                .shared(redis, KeyCodec.string(), JacksonCodec.of(User.class))
                .timeToLive(Duration.ofMinutes(10))
                .maxDirect(5)
                .arbiter(JdbcArbiter.<String, User>on(database)
                        .table("users")
                        .key("email", email -> email)
                        .columns((row, email, user) -> row.set("id", user.id()))
                        .mapper(row -> new User(row.getString("email"), row.getObject("id", UUID.class)))
                        .transactions(callersTransactions)
                        .build())
                .build();
    }
}
