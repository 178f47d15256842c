package dev.getorcreate.proof.readme;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.RedisServer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The rights that SECURITY.md names are enough for all that a cache does. */
class SecurityIT {

    private static final Pattern RIGHTS = Pattern.compile("(?m)^ +(resetchannels ~users:\\* .+)$");

    private static final Pattern ANSWERED_PING = Pattern.compile("cmdstat_ping:calls=[1-9]");

    @Test
    void aUserWithTheRightsOfSecurityMdIsEnough() throws Exception {
        try (RedisServer server = RedisServer.startOwn()) {
            allow(server);
            try (RedisSharedStore redis = RedisSharedStore.builder("redis://cache:secret@127.0.0.1:" + server.port())
                    // A slow machine must not pass for a missing right.
                    .commandTimeout(Duration.ofSeconds(5))
                    .maxStaleness(Duration.ofSeconds(8))
                    .build()) {
                useEverything(server, redis);
            }
        }
    }

    private static void allow(RedisServer server) throws Exception {
        Matcher rights = RIGHTS.matcher(Files.readString(Path.of("..", "SECURITY.md")));
        assertTrue(rights.find(), "SECURITY.md names the rights");
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", "cache", "on", ">secret"));
        command.addAll(List.of(rights.group(1).split(" ")));
        assertEquals("OK", server.command(command.toArray(String[]::new)));
    }

    private static void useEverything(RedisServer server, RedisSharedStore redis) {
        try (GetOrCreateCache<String, String> users = GetOrCreateCache.<String, String>builder("users")
                .local(CaffeineLocal.defaults())
                .shared(redis, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(1))
                .lease(Duration.ofSeconds(3))
                .build()) {
            assertEquals(
                    Source.CREATED,
                    users.obtain("ann", key -> renewedOnce(server)).source());
            assertTrue(String.valueOf(server.command("CLIENT", "LIST")).contains("flags=t "), "changes are tracked");
            await().until(() -> ANSWERED_PING.matcher(commandStats(server)).find());
            assertEquals(Source.LOCAL, users.obtain("ann", key -> "unused").source());
            assertEquals(Invalidation.CONFIRMED, users.invalidate("ann"));

            // Replaced by the script: rubbish, and a key of another type.
            String prefix = "users:" + server.command("GET", "users:generation") + ":";
            server.command("SET", prefix + "bob", "rubbish");
            server.command("LPUSH", prefix + "eve", "rubbish");
            assertEquals(Source.CREATED, users.obtain("bob", key -> "b").source());
            assertEquals(Source.CREATED, users.obtain("eve", key -> "e").source());

            // Waited for: the claim of a process that died and renews it no more, of 1.6 s.
            server.command(
                    "SET", prefix + "kim", "GC\u0001\u0001" + "t".repeat(16) + "\u0000\u0000\u0006@", "PX", "1600");
            assertEquals(Source.CREATED, users.obtain("kim", key -> "k").source());
            assertTrue(commandStats(server).contains("cmdstat_pttl:"), "the waiter asked when the claim ends");
            assertEquals(0, users.stats().sharedStoreErrors());
            assertEquals(0, users.stats().claimsLost());
        }
    }

    private static String renewedOnce(RedisServer server) {
        await().until(() -> commandStats(server).contains("cmdstat_pexpire:"));
        return "a";
    }

    private static String commandStats(RedisServer server) {
        return String.valueOf(server.command("INFO", "commandstats"));
    }
}
