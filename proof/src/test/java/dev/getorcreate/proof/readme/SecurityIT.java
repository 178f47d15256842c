package dev.getorcreate.proof.readme;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.CreationFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.redis.RedisSharedStoreBuilder;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.SlotMigration;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The rights that SECURITY.md names are enough for all that a cache does. */
class SecurityIT {

    private static final Pattern RIGHTS = Pattern.compile("(?m)^ +(resetchannels ~users:\\* .+)$");
    private static final Pattern MORE_ON_A_CLUSTER = Pattern.compile("(?m)^ +(\\+cluster\\|.+)$");
    private static final Pattern ANSWERED_PING = Pattern.compile("cmdstat_ping:calls=[1-9]");

    @Test
    void aUserWithTheRightsOfSecurityMdIsEnough() throws Exception {
        try (RedisServer server = Servers.need("Redis", RedisServer::startOwn)) {
            allow(server, rights(RIGHTS));
            try (RedisSharedStore redis = patient(RedisSharedStore.builder(as(server)))) {
                useEverything(List.of(server), key -> server, redis);
            }
        }
    }

    @Test
    void onAClusterAUserWithTheRightsOfSecurityMdOnEveryNodeIsEnough() throws Exception {
        try (RedisCluster cluster = Servers.need("Redis Cluster", RedisCluster::start)) {
            List<String> rights = rights(RIGHTS);
            rights.addAll(rights(MORE_ON_A_CLUSTER));
            cluster.nodes().forEach(node -> allow(node, rights));
            try (RedisSharedStore redis = patient(RedisSharedStore.cluster(as(cluster.node(0))))) {
                useEverything(cluster.nodes(), cluster::upstreamOf, redis);
                askWhileASlotMoves(cluster, redis);
            }
        }
    }

    private static List<String> rights(Pattern pattern) throws IOException {
        Matcher rights = pattern.matcher(Files.readString(Path.of("..", "SECURITY.md")));
        assertTrue(rights.find(), "SECURITY.md names the rights");
        return new ArrayList<>(List.of(rights.group(1).split(" ")));
    }

    private static void allow(RedisServer server, List<String> rights) {
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", "cache", "on", ">secret"));
        command.addAll(rights);
        assertEquals("OK", server.command(command.toArray(String[]::new)));
    }

    private static String as(RedisServer server) {
        return "redis://cache:secret@127.0.0.1:" + server.port();
    }

    /** A slow machine must not pass for a missing right. */
    private static RedisSharedStore patient(RedisSharedStoreBuilder builder) {
        return builder.commandTimeout(Duration.ofSeconds(5))
                .maxStaleness(Duration.ofSeconds(8))
                .requireTracking()
                .build();
    }

    private static CacheBuilder<String, String> users(RedisSharedStore redis) {
        return GetOrCreateCache.<String, String>builder("users")
                .local(CaffeineLocal.defaults())
                .shared(redis, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(1))
                .lease(Duration.ofSeconds(3));
    }

    private static void useEverything(
            List<RedisServer> servers, Function<String, RedisServer> home, RedisSharedStore redis) {
        try (GetOrCreateCache<String, String> users = users(redis).build()) {
            assertEquals(
                    Source.CREATED,
                    users.obtain("ann", key -> renewedOnce(servers)).source());
            assertTrue(all(servers, "CLIENT", "LIST").contains("flags=t "), "changes are tracked");
            await().until(() ->
                    ANSWERED_PING.matcher(all(servers, "INFO", "commandstats")).find());
            assertEquals(Source.LOCAL, users.obtain("ann", key -> "unused").source());
            assertEquals(Invalidation.CONFIRMED, users.invalidate("ann"));
            assertEquals(Invalidation.CONFIRMED, users.invalidateAll());
            failWithAMark(users);

            // Replaced by the script: rubbish, and a key of another type.
            String prefix = prefix(home);
            home.apply(prefix + "bob").command("SET", prefix + "bob", "rubbish");
            home.apply(prefix + "eve").command("LPUSH", prefix + "eve", "rubbish");
            assertEquals(Source.CREATED, users.obtain("bob", key -> "b").source());
            assertEquals(Source.CREATED, users.obtain("eve", key -> "e").source());

            // Waited for: the claim of a process that died and renews it no more, of 1.6 s.
            String claim = "GC\u0001\u0001" + "t".repeat(16) + "\u0000\u0000\u0006@";
            home.apply(prefix + "kim").command("SET", prefix + "kim", claim, "PX", "1600");
            assertEquals(Source.CREATED, users.obtain("kim", key -> "k").source());
            assertTrue(
                    all(servers, "INFO", "commandstats").contains("cmdstat_pttl:"),
                    "the waiter asked when the claim ends");
            assertNothingWasRefused(users);
        }
    }

    private static void failWithAMark(GetOrCreateCache<String, String> users) {
        assertThrows(
                CreationFailedException.class,
                () -> users.getOrCreate("joe", key -> {
                    throw new IOException("no joe");
                }));
        assertEquals(Source.CREATED, users.obtain("joe", key -> "j").source(), "the mark is claimed over");
    }

    private static void askWhileASlotMoves(RedisCluster cluster, RedisSharedStore redis) {
        try (GetOrCreateCache<String, String> users = users(redis).build()) {
            String whole = prefix(cluster::upstreamOf) + "zoe";
            RedisServer from = cluster.upstreamOf(whole);
            RedisServer to = from == cluster.node(1) ? cluster.node(2) : cluster.node(1);
            SlotMigration moving = cluster.beginMigration(cluster.slot(whole), to);
            assertEquals(Source.CREATED, users.obtain("zoe", key -> "z").source());
            assertTrue(all(List.of(to), "INFO", "commandstats").contains("cmdstat_asking:"));
            moving.moveKeys();
            moving.finish();
            assertEquals(Invalidation.CONFIRMED, users.invalidate("zoe"));
            assertNothingWasRefused(users);
        }
    }

    private static void assertNothingWasRefused(GetOrCreateCache<String, String> users) {
        assertEquals(0, users.stats().sharedStoreErrors());
        assertEquals(0, users.stats().claimsLost());
    }

    private static String prefix(Function<String, RedisServer> home) {
        String generation = "users:generation";
        return "users:" + home.apply(generation).command("GET", generation) + ":";
    }

    private static String renewedOnce(List<RedisServer> servers) {
        await().until(() -> all(servers, "INFO", "commandstats").contains("cmdstat_pexpire:"));
        return "a";
    }

    private static String all(List<RedisServer> servers, String... command) {
        return servers.stream()
                .map(server -> String.valueOf(server.command(command)))
                .collect(Collectors.joining("\n"));
    }
}
