package dev.getorcreate.proof.readme;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.jackson.JacksonCodec;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.KeyCodec;
import java.time.Duration;
import java.util.UUID;
import javax.sql.DataSource;

/** PostgreSQL: CREATE TABLE users (email text NOT NULL, id uuid NOT NULL, CONSTRAINT uq_users_email UNIQUE (email)) */
public class Users implements AutoCloseable {

    public record User(String email, UUID id) {}

    private final RedisSharedStore redis;
    private final GetOrCreateCache<String, User> cache;

    public Users(String redisUri, DataSource database) {
        JdbcArbiter<String, User> table = JdbcArbiter.<String, User>on(database)
                .table("users")
                .key("email", email -> email)
                .columns((row, email, user) -> row.set("id", user.id()))
                .mapper(row -> new User(row.getString("email"), row.getObject("id", UUID.class)))
                .build();
        redis = RedisSharedStore.builder(redisUri).build(); // one per process
        cache = GetOrCreateCache.<String, User>builder("users")
                .local(CaffeineLocal.defaults())
                .shared(redis, KeyCodec.string(), JacksonCodec.of(User.class))
                .timeToLive(Duration.ofMinutes(10))
                .arbiter(table)
                .build();
    }

    /** Whoever asks first creates; everybody gets that one user, in every thread and every process. */
    public User byEmail(String email) {
        return cache.getOrCreate(email, key -> new User(key, UUID.randomUUID()));
    }

    /** Call it after the row was changed or deleted, and that was committed. */
    public void changed(String email) {
        cache.invalidate(email);
    }

    @Override
    public void close() {
        cache.close();
        redis.close();
    }
}
