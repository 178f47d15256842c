package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.CapturedLog;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.RedisProgram;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What is wrong is an error when the store or the cache is built, and names the setting; what is merely away is none. */
class RefusedAtTheStartIT {

    private static final Watch NOBODY = vouch -> {};
    private static final String RIGHTS =
            "resetchannels ~mine:* +ping +client|tracking +get +set +del +getrange +type +pexpire +pttl +eval +evalsha";

    private final RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
    private final List<AutoCloseable> opened = new ArrayList<>(List.of(redis));

    @AfterEach
    void close() {
        Closing.lastFirst(opened);
    }

    private RedisSharedStore built(RedisSharedStoreBuilder builder) {
        RedisSharedStore store = builder.build();
        opened.add(store);
        return store;
    }

    private void refused(RedisSharedStoreBuilder builder, String... named) {
        names(assertThrows(IllegalArgumentException.class, () -> built(builder)), named);
    }

    private static void names(Exception refused, String... named) {
        String message = String.valueOf(refused.getMessage());
        for (String part : named) {
            assertTrue(message.contains(part), message);
        }
        assertFalse(message.contains("secret"), message);
    }

    private String user(String rights) {
        List<String> command = new ArrayList<>(List.of("ACL", "SETUSER", "cache", "reset", "on", ">secret"));
        command.addAll(List.of(rights.split(" ")));
        assertEquals("OK", redis.command(command.toArray(String[]::new)));
        return "redis://cache:secret@127.0.0.1:" + redis.port();
    }

    private static SharedSpace<String> open(RedisSharedStore store, String cache) {
        return store.open(cache, KeyCodec.string(), "utf8", key -> {});
    }

    @Test
    void anUnknownUserAndAMissingPasswordAreRefused() {
        refused(RedisSharedStore.builder("redis://nobody:secret@127.0.0.1:" + redis.port()), "WRONGPASS", "password");
        redis.command("CONFIG", "SET", "requirepass", "right");
        refused(RedisSharedStore.builder("redis://127.0.0.1:" + redis.port()), "NOAUTH", "password");
    }

    @ParameterizedTest
    @ValueSource(strings = {"ping", "get", "set", "del", "getrange", "type", "pexpire", "pttl", "eval", "evalsha"})
    void aUserWithoutARightThatACacheNeedsIsRefusedWhenTheCacheIsBuilt(String right) {
        RedisSharedStore store = built(RedisSharedStore.builder(user(RIGHTS + " +info -" + right)));
        names(
                assertThrows(IllegalArgumentException.class, () -> open(store, "mine")),
                right.toUpperCase(Locale.ROOT),
                "mine:*",
                "SECURITY.md",
                RIGHTS);
        user(RIGHTS);
        open(store, "mine").close();
    }

    @Test
    void theRightsThatARefusalNamesAreThoseOfSecurityMd() throws IOException {
        String page = Files.readString(Path.of("..", "SECURITY.md"));
        assertTrue(page.contains("  resetchannels ~users:* " + Rights.COMMANDS + "\n"), page);
        assertTrue(page.contains(" " + Rights.CLUSTER_COMMANDS + "\n"), page);
    }

    @Test
    void aUserWithoutARightIsWarnedOfWhenTheServerIsThereAtLast() {
        try (TcpProxy way = TcpProxy.to(redis.port());
                CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            way.refuse(true);
            String uri = user(RIGHTS + " -pexpire").replace(":" + redis.port(), ":" + way.port());
            open(built(RedisSharedStore.builder(uri)), "mine");
            way.refuse(false);
            log.awaitLine("may not run PEXPIRE on keys like mine:*", "SECURITY.md");
        }
    }

    @Test
    void aUserForOtherKeysIsRefusedWhenTheCacheIsBuilt() {
        RedisSharedStore store = built(RedisSharedStore.builder(user(RIGHTS)));
        names(assertThrows(IllegalArgumentException.class, () -> open(store, "yours")), "GET, SET", "yours:*");
    }

    @Test
    void aServerThatCannotSayWhatAUserMayIsUsed() {
        RedisServer old = Servers.need("Redis 6.2", () -> RedisServer.startOwn(RedisProgram.REDIS_6_2));
        opened.add(old);
        publishAndRead(open(built(RedisSharedStore.builder(old.uri())), "old"));
    }

    @Test
    void aDatabaseThatIsNotThereIsRefused() {
        refused(RedisSharedStore.builder(redis.uri() + "/99"), "DB index is out of range", "database");
        refused(RedisSharedStore.builder(user(RIGHTS) + "/3"), "select", "database");
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "reddis://h scheme",
                "http://h scheme",
                "h:6379 scheme",
                "redis://h:99999 port",
                "redis://h:0 port",
                "redis://h:abc port",
                "redis://h:-1 port",
                "redis://my_host:6379 underscore",
                "redis://user:pass#secret@h special",
                "redis://a,b host",
                "redis:// malformed",
                "redis-socket:///tmp/redis host",
                "redis://h/abc database",
                "redis://h/-1 database",
                "redis-sentinel://h:26379 malformed",
                "redis-sentinel://h:x#m malformed"
            })
    void aTypoInTheUriIsRefusedByItsPlace(String uriAndPlace) {
        String[] both = uriAndPlace.split(" ");
        names(assertThrows(IllegalArgumentException.class, () -> built(RedisSharedStore.builder(both[0]))), both[1]);
    }

    @ParameterizedTest
    @ValueSource(strings = {"redis://[::1]:1", "redis://my_host", "redis://a-b.c1", "redis://u:p%40@127.0.0.1:1/2"})
    void unusualHostsAreNoTypo(String uri) {
        Uris.checked(Uris.parsed(uri), false);
    }

    @Test
    void aHostThatNoDnsKnowsIsAwayAndNoError() {
        SharedSpace<String> space = open(built(RedisSharedStore.builder("redis://no-such-host.invalid:6379")), "c");
        assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY));
    }

    @Test
    void aProxyWhoseServerIsAwayIsAwayTooAndNoError() {
        redis.kill();
        TcpProxy hangingUp = TcpProxy.to(redis.port());
        opened.add(hangingUp);
        for (String scheme : List.of("redis", "rediss")) {
            String uri = scheme + "://127.0.0.1:" + hangingUp.port();
            SharedSpace<String> space = open(built(RedisSharedStore.builder(uri)), "c");
            assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY));
        }
    }

    @Test
    void aNodeOfAClusterAndAStandaloneServerAreNotTakenForOneAnother() {
        refused(RedisSharedStore.cluster(redis.uri()), "cluster support disabled");
        RedisCluster cluster = Servers.need("Redis Cluster", RedisCluster::start);
        opened.add(cluster);
        refused(RedisSharedStore.builder(cluster.node(0).uri()), "RedisSharedStore.cluster");
        names(
                assertThrows(
                        IllegalArgumentException.class,
                        () -> RedisSharedStore.cluster(cluster.node(0).uri() + "/3")),
                "database 3",
                "only database 0");
    }

    @Tag("matrix")
    @ParameterizedTest
    @EnumSource(names = {"REDIS_8_0", "VALKEY_8_1", "VALKEY_NEWEST"})
    void aNodeOfAClusterIsNoStandaloneServerWhateverItIsCalled(RedisProgram which) {
        RedisServer node =
                Servers.need(which.toString(), () -> RedisServer.startOwn(which, "--cluster-enabled", "yes"));
        opened.add(node);
        refused(RedisSharedStore.builder(node.uri()), "RedisSharedStore.cluster");
    }

    @ParameterizedTest
    @ValueSource(strings = {" x ", "a:b", "{tag}", "100%", "naïve ☃", "line\nbreak", "*", "generation"})
    void oddNamesOfCachesWork(String name) {
        publishAndRead(open(built(RedisSharedStore.builder(redis.uri())), name));
    }

    private static void publishAndRead(SharedSpace<String> space) {
        Claim claim = new Claim(Token.random(), Duration.ofSeconds(2), () -> {});
        assertInstanceOf(Look.Granted.class, space.claim("k", claim, null, NOBODY));
        byte[] payload = "v".getBytes(StandardCharsets.UTF_8);
        assertEquals(Published.PUBLISHED, space.publish("k", claim, payload, Duration.ofMinutes(1), NOBODY));
        assertInstanceOf(Look.Present.class, space.look("k", NOBODY));
    }
}
