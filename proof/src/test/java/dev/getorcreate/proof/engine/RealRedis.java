package dev.getorcreate.proof.engine;

import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.time.Duration;
import org.awaitility.Awaitility;

/** A Redis of our own, two processes' stores on it, and the keys as they stand there. */
final class RealRedis implements AutoCloseable {

    final RedisServer server = Servers.need("Redis", RedisServer::startOwn);
    final RedisSharedStore one = store();
    final RedisSharedStore two = store();

    private RedisSharedStore store() {
        return RedisSharedStore.builder(server.uri())
                .commandTimeout(Duration.ofSeconds(2)) // a busy machine is not what is tested here
                .build();
    }

    /** The key as it stands in Redis; the cache's processes have used it before. */
    String raw(String cache, String key) {
        return cache + ":" + server.command("GET", cache + ":generation") + ":" + key;
    }

    boolean stands(String cache, String key) {
        return Long.valueOf(1).equals(server.command("EXISTS", raw(cache, key)));
    }

    /** Another process writes over whatever stands there. */
    void overwrite(String cache, String key, String bytes) {
        server.command("SET", raw(cache, key), bytes);
    }

    void delete(String cache, String key) {
        server.command("DEL", raw(cache, key));
    }

    void awaitGone(String cache, String key) {
        Awaitility.await().until(() -> !stands(cache, key));
    }

    @Override
    public void close() {
        Closing.lastFirst(server, one, two);
    }
}
