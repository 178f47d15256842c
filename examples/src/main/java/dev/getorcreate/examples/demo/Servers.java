package dev.getorcreate.examples.demo;

import dev.getorcreate.testkit.Leashed;
import dev.getorcreate.testkit.RedisServer;
import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.nio.file.Path;

/** Throw-away. */
final class Servers implements AutoCloseable {
    private final RedisServer redis;
    private final EmbeddedPostgres postgres;

    Servers() throws IOException {
        redis = RedisServer.start();
        Path folder = Leashed.folder("getorcreate-pg-");
        postgres = EmbeddedPostgres.builder()
                .setDataDirectory(folder.resolve("pg"))
                .start();
    }

    boolean ownRedis() {
        return true;
    }

    String redisUrl() {
        return redis.uri();
    }

    String postgresUrl() {
        return postgres.getJdbcUrl("postgres", "postgres");
    }

    @Override
    public void close() {
        redis.close();
        try {
            postgres.close();
        } catch (IOException e) {
            throw new java.io.UncheckedIOException(e);
        }
    }
}
