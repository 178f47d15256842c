package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.Source;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.redis.RedisSharedStoreBuilder;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.CapturedLog;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A server that does not tell of changes: entries are short-lived, and the log says so; or it is refused, by choice. */
class UntrackedIT {

    private static final Duration MAX_STALENESS = Duration.ofSeconds(2);

    enum Without {
        RESP3,
        RIGHT_TO_TRACK;

        RedisServer server() {
            return switch (this) {
                case RESP3 -> RedisServer.startOwn("--rename-command", "HELLO", "");
                case RIGHT_TO_TRACK -> {
                    RedisServer server = RedisServer.startOwn();
                    server.command("ACL", "SETUSER", "cache", "on", ">secret", "~*", "&*", "+@all", "-client|tracking");
                    yield server;
                }
            };
        }

        RedisSharedStoreBuilder builder(RedisServer server) {
            String user = this == RESP3 ? "" : "cache:secret@";
            return RedisSharedStore.builder("redis://" + user + "127.0.0.1:" + server.port())
                    .maxStaleness(MAX_STALENESS);
        }
    }

    private final List<AutoCloseable> open = new ArrayList<>();

    @AfterEach
    void close() {
        Closing.lastFirst(open);
    }

    private RedisServer server(Without without) {
        RedisServer server = Servers.need("Redis", without::server);
        open.add(server);
        return server;
    }

    private GetOrCreateCache<String, String> cache(RedisSharedStoreBuilder builder, Combination tiers) {
        RedisSharedStore store = builder.build();
        open.add(store);
        GetOrCreateCache<String, String> cache =
                tiers.builder("untracked", store, new InMemoryArbiter<>()).build();
        open.add(cache);
        return cache;
    }

    @ParameterizedTest
    @EnumSource
    void localEntriesLiveForMaxStalenessAtMostAndTheLogSaysSo(Without without) {
        RedisServer server = server(without);
        GetOrCreateCache<String, String> one;
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            one = cache(without.builder(server), Combination.LOCAL_SHARED);
            log.awaitLine("does not let this client track changes", "local entries live for at most maxStaleness");
        }
        var two = cache(without.builder(server), Combination.LOCAL_SHARED);
        assertEquals(Source.CREATED, one.obtain("k", key -> "old").source());
        long asked = TimeSource.system().nanoTime();
        assertEquals(new Outcome<>("old", Source.SHARED), two.obtain("k", key -> "never"));
        long answered = TimeSource.system().nanoTime();
        assertEquals(Source.LOCAL, two.obtain("k", key -> "never").source(), "kept at all");
        one.invalidate("k");
        one.obtain("k", key -> "new");
        Awaitility.await().until(() -> TimeSource.system().nanoTime() - answered > MAX_STALENESS.toNanos());
        assertTrue(answered - asked < MAX_STALENESS.toNanos(), "otherwise this shows nothing");
        assertEquals(new Outcome<>("new", Source.SHARED), two.obtain("k", key -> "never"));
    }

    @ParameterizedTest
    @EnumSource
    void whereTrackingIsRequiredSuchAServerIsRefusedWhenTheStoreIsBuilt(Without without) {
        RedisServer server = server(without);
        String refused = assertThrows(
                        IllegalArgumentException.class,
                        () -> cache(without.builder(server).requireTracking(), Combination.ALL))
                .getMessage();
        for (String part : List.of("track changes", "requireTracking()", "+client|tracking", "HELLO 3")) {
            assertTrue(refused.contains(part), refused);
        }
    }

    @Test
    void whereTrackingIsRequiredAServerThatTracksIsUsed() {
        RedisServer server = Servers.need("Redis", RedisServer::startOwn);
        open.add(server);
        var cache = cache(RedisSharedStore.builder(server.uri()).requireTracking(), Combination.LOCAL_SHARED);
        assertEquals(Source.CREATED, cache.obtain("k", key -> "v").source());
    }

    @Test
    void whereTrackingIsRequiredAServerThatComesLaterIsNotUsedAndTheLogSaysWhy() {
        RedisServer server = server(Without.RESP3);
        server.kill();
        var cache = cache(Without.RESP3.builder(server).requireTracking(), Combination.LOCAL_SHARED);
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            server.restart();
            log.awaitLine("refuses the connection", "requireTracking()");
        }
        assertThrows(SharedStoreUnavailableException.class, () -> cache.getOrCreate("k", key -> "never"));
    }
}
