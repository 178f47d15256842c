package dev.getorcreate.examples.demo;

import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;

/** A real Redis and a real PostgreSQL: embedded, or those that the environment names. They end with this process. */
final class Servers implements AutoCloseable {

    private final RedisServer redis;
    private final PostgresServer postgres;

    private Servers(RedisServer redis, PostgresServer postgres) {
        this.redis = redis;
        this.postgres = postgres;
    }

    static Servers start() {
        RedisServer redis = RedisServer.start();
        try {
            return new Servers(redis, PostgresServer.start());
        } catch (RuntimeException e) {
            redis.close();
            throw e;
        }
    }

    /** Whether nobody else's data is in Redis. */
    boolean ownRedis() {
        return !named(RedisServer.URL_VARIABLE);
    }

    boolean ownPostgres() {
        return !named(PostgresServer.URL_VARIABLE);
    }

    private static boolean named(String variable) {
        String value = System.getenv(variable);
        return value != null && !value.isBlank();
    }

    String redisUrl() {
        return redis.uri();
    }

    /** With user and password in it, wherever they came from. */
    String postgresUrl() {
        String url = postgres.jdbcUrl();
        if (!url.contains("user=") && !postgres.user().isEmpty()) {
            url += (url.contains("?") ? "&" : "?") + "user=" + encoded(postgres.user());
            url += "&password=" + encoded(postgres.password());
        }
        return url;
    }

    private static String encoded(String text) {
        return URLEncoder.encode(text, StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        redis.close();
        postgres.close();
    }
}
