package dev.getorcreate.proof.readme;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.jackson.JacksonCodec;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.micrometer.CacheMeters;
import dev.getorcreate.proof.readme.Users.User;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.KeyCodec;
import io.micrometer.core.instrument.MeterRegistry;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;
import org.springframework.beans.factory.annotation.Value;
import org.springframework.context.annotation.Bean;
import org.springframework.context.annotation.Configuration;

@Configuration(proxyBeanMethods = false)
class CacheConfiguration {

    @Bean
    RedisSharedStore sharedStore(@Value("${cache.redis}") String uri) {
        return RedisSharedStore.builder(uri).build();
    }

    @Bean
    GetOrCreateCache<String, User> users(RedisSharedStore redis, DataSource database, MeterRegistry meters) {
        GetOrCreateCache<String, User> cache = GetOrCreateCache.<String, User>builder("shop.users")
                .local(CaffeineLocal.defaults())
                .shared(redis, KeyCodec.string(), JacksonCodec.of(User.class))
                .timeToLive(Duration.ofMinutes(10))
                .maxDirect(5) // of the 10 connections that HikariCP has by default
                .arbiter(JdbcArbiter.<String, User>on(database)
                        .table("users")
                        .key("email", email -> email)
                        .columns((row, email, user) -> row.set("id", user.id()))
                        .mapper(row -> new User(row.getString("email"), row.getObject("id", UUID.class)))
                        .build())
                .build();
        CacheMeters.bind(cache, meters);
        return cache;
    }
}
