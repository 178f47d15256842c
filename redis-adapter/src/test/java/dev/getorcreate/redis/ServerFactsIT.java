package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.testkit.RedisProgram;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import io.lettuce.core.api.sync.RedisCommands;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * What the adapter takes for granted about servers and Lettuce. Where one of these goes red with a new version, the
 * protocol has to be thought through again.
 */
@Tag("matrix")
class ServerFactsIT {

    private static final String KEY = "k";
    /** Stands for a push that names no key. */
    private static final String EVERYTHING = "(everything)";

    /** Shared: making threads and ending them takes longer than the tests. */
    private static final ClientResources RESOURCES = ClientResources.create();

    private final List<String> pushes = new CopyOnWriteArrayList<>();
    private RedisServer server;
    private RedisClient client;
    private StatefulRedisConnection<String, String> connection;
    private RedisCommands<String, String> tracked;

    private void start(RedisProgram which, TrackingArgs tracking) {
        server = Servers.need(which.toString(), () -> RedisServer.startOwn(which));
        client = RedisClient.create(RESOURCES, server.uri());
        client.setOptions(ClientOptions.builder()
                .protocolVersion(ProtocolVersion.RESP3)
                .autoReconnect(true)
                .build());
        connection = client.connect(StringCodec.UTF8);
        connection.addListener(this::remember);
        tracked = connection.sync();
        tracked.clientTracking(tracking);
    }

    private void start(RedisProgram which) {
        start(which, TrackingArgs.Builder.enabled());
    }

    @AfterEach
    void close() {
        if (client != null) {
            client.shutdown(Duration.ZERO, Duration.ofSeconds(5));
        }
        if (server != null) {
            server.close();
        }
    }

    @AfterAll
    static void end() {
        RESOURCES.shutdown(0, 5, TimeUnit.SECONDS).awaitUninterruptibly();
    }

    private void remember(PushMessage message) {
        if (message.getType().equals("invalidate")) {
            Object keys = message.getContent(StringCodec.UTF8::decodeKey).get(1);
            pushes.addAll(
                    keys == null
                            ? List.of(EVERYTHING)
                            : ((List<?>) keys).stream().map(String::valueOf).toList());
        }
    }

    /** What was pushed since it was last asked: a push stands on the wire before the answer to a later PING. */
    private List<String> pushed() {
        assertEquals("PONG", tracked.ping());
        List<String> seen = List.copyOf(pushes);
        pushes.clear();
        return seen;
    }

    private void foreign(String... command) {
        server.command(command);
    }

    /** The claim; before Redis 7.0 without GET, which it refuses beside NX. */
    private void claim(RedisProgram which) {
        SetArgs args = SetArgs.Builder.nx().px(60_000);
        if (which == RedisProgram.REDIS_6_2) {
            assertEquals("OK", tracked.set(KEY, "claim", args));
        } else {
            assertNull(tracked.setGet(KEY, "claim", args));
        }
    }

    @ParameterizedTest
    @EnumSource
    void aGetBehindTheClaimTracksTheKey(RedisProgram which) {
        start(which);
        assertNull(tracked.get(KEY));
        claim(which);
        assertEquals("claim", tracked.get(KEY));
        assertEquals(List.of(KEY), pushed(), "the echo of the own write");
        foreign("SET", KEY, "other");
        assertEquals(List.of(KEY), pushed());
    }

    @ParameterizedTest
    @EnumSource
    void aGetBeforeTheClaimDoesNot(RedisProgram which) {
        start(which);
        assertNull(tracked.get(KEY));
        claim(which);
        assertEquals(List.of(KEY), pushed(), "the echo of the own write");
        foreign("SET", KEY, "other");
        assertEquals(List.of(), pushed());
    }

    @ParameterizedTest
    @EnumSource
    void aClaimAloneDoesNotEither(RedisProgram which) {
        start(which);
        claim(which);
        foreign("SET", KEY, "other");
        assertEquals(List.of(), pushed());
    }

    @ParameterizedTest
    @EnumSource
    void aChangeOfTheExpiryCountsAsAWrite(RedisProgram which) {
        start(which);
        List<List<String>> changes = List.of(
                List.of("PEXPIRE", KEY, "60000"), List.of("PERSIST", KEY), List.of("GETEX", KEY, "PX", "60000"));
        for (List<String> change : changes) {
            foreign("SET", KEY, "v", "PX", "50000");
            assertEquals("v", tracked.get(KEY));
            assertEquals(List.of(), pushed());
            foreign(change.toArray(String[]::new));
            assertEquals(List.of(KEY), pushed(), change.get(0));
            foreign("SET", KEY, "w");
            assertEquals(List.of(), pushed(), change.get(0) + " has dropped the key from tracking");
        }
    }

    @ParameterizedTest
    @EnumSource
    void withNoloopTheOwnWriteDropsTheKeyFromTrackingSilently(RedisProgram which) {
        start(which, TrackingArgs.Builder.enabled().noloop());
        tracked.get(KEY);
        foreign("SET", KEY, "a");
        assertEquals(List.of(KEY), pushed(), "as long as it did not write");
        tracked.get(KEY);
        tracked.set(KEY, "b");
        assertEquals(List.of(), pushed());
        foreign("SET", KEY, "c");
        assertEquals(List.of(), pushed());
    }

    @ParameterizedTest
    @EnumSource
    void forgettingEverythingIsPushedWithoutAKey(RedisProgram which) {
        start(which);
        foreign("SET", KEY, "v");
        tracked.get(KEY);
        foreign("FLUSHALL");
        assertEquals(List.of(EVERYTHING), pushed());
    }

    @ParameterizedTest
    @EnumSource
    void afterLettuceReconnectedTrackingIsOffWithoutAnError(RedisProgram which) {
        start(which);
        tracked.get(KEY);
        foreign("SET", KEY, "a");
        assertEquals(List.of(KEY), pushed());
        long before = tracked.clientId();
        foreign("CLIENT", "KILL", "TYPE", "normal");
        assertEquals("a", tracked.get(KEY));
        assertNotEquals(before, tracked.clientId());
        foreign("SET", KEY, "b");
        assertEquals(List.of(), pushed());
        assertEquals("b", tracked.get(KEY));
    }

    /** The server looks for expired keys by samples of all keys that expire. */
    @ParameterizedTest
    @EnumSource
    void anExpiryAmongManyIsPushedLateButAtOnceWhenAnybodyTouchesTheKey(RedisProgram which) {
        start(which);
        String many = "for i = 1, 20000 do redis.call('SET', 'other' .. i, 'v', 'PX', 3600000) end";
        foreign("EVAL", many, "0");
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < 20; i++) {
            keys.add("short" + i);
            foreign("SET", "short" + i, "v", "PX", "500");
            tracked.get("short" + i);
        }
        long end = serverMillis() + 501;
        await().until(() -> serverMillis() > end);
        List<String> late = new ArrayList<>(keys);
        late.removeAll(pushed());
        assertTrue(late.size() > keys.size() / 2, () -> "only these were not pushed yet: " + late);
        for (String key : late) {
            foreign("GET", key);
        }
        assertTrue(pushed().containsAll(late));
    }

    private long serverMillis() {
        List<?> time = (List<?>) server.command("TIME");
        return Long.parseLong(time.get(0).toString()) * 1000
                + Long.parseLong(time.get(1).toString()) / 1000;
    }
}
