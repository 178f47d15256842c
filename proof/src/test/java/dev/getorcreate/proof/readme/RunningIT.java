package dev.getorcreate.proof.readme;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The figures of docs/running.md. */
class RunningIT {

    private static final Pattern KEY = Pattern.compile("(\\d+) bytes and the value's own");
    private static final Pattern CLAIM = Pattern.compile("a claim takes (\\d+) bytes");
    private static final Pattern GENERATION = Pattern.compile("generation key (\\d+) bytes");

    @Test
    void whatAKeyCostsInMemoryIsWhatThePageSays() throws IOException {
        String page = Files.readString(Path.of("..", "docs", "running.md")).replaceAll("\\s+", " ");
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                RedisSharedStore store = RedisSharedStore.builder(redis.uri()).build();
                GetOrCreateCache<String, String> users = GetOrCreateCache.<String, String>builder("users")
                        .shared(store, KeyCodec.string(), Codec.string())
                        .timeToLive(Duration.ofMinutes(10))
                        .build()) {
            long[] claim = new long[1];
            String key = "ann@example.org";
            users.getOrCreate(key, asked -> {
                claim[0] = usage(redis, whole(redis, asked));
                return "v".repeat(1000);
            });
            near(page, KEY, usage(redis, whole(redis, key)) - 1000);
            near(page, CLAIM, claim[0]);
            near(page, GENERATION, usage(redis, "users:generation"));
        }
    }

    /** As {@code redis-cli} would: of what is typed there, this is what Redis hears. */
    @Test
    void whatIsRemovedByHandIsForgottenByAllAtOnce() {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                        .commandTimeout(Duration.ofSeconds(10))
                        .maxStaleness(Duration.ofMinutes(1))
                        .build();
                GetOrCreateCache<String, String> users = GetOrCreateCache.<String, String>builder("users")
                        .local(CaffeineLocal.defaults())
                        .shared(store, KeyCodec.string(), Codec.string())
                        .timeToLive(Duration.ofMinutes(10))
                        .build()) {
            assertEquals("first", users.getOrCreate("ann", key -> "first"));
            redis.command("DEL", whole(redis, "ann"));
            await().until(() -> users.find("ann").isEmpty());
            assertEquals("second", users.getOrCreate("ann", key -> "second"));
            redis.command("DEL", "users:generation");
            await().until(() -> users.find("ann").isEmpty());
            assertEquals("third", users.getOrCreate("ann", key -> "third"));
        }
    }

    private static String whole(RedisServer redis, String key) {
        return "users:" + redis.command("GET", "users:generation") + ":" + key;
    }

    private static long usage(RedisServer redis, String key) {
        long bytes = (Long) Objects.requireNonNull(redis.command("MEMORY", "USAGE", key));
        return bytes;
    }

    /** Allocators round, each in its own way. */
    private static void near(String page, Pattern claimed, long measured) {
        Matcher figure = claimed.matcher(page);
        assertTrue(figure.find(), "the page has a figure like " + claimed);
        assertEquals(Double.parseDouble(figure.group(1)), measured, 0.4 * measured, claimed.pattern());
    }
}
