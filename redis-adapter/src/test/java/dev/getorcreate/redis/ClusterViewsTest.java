package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.CapturedLog;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Which of the views that nodes have of their cluster is believed, and how often they are asked. */
class ClusterViewsTest {

    private static final Watch NOBODY = vouch -> {};
    private static final byte[] LOW = {1};
    private static final byte[] HIGH = {2};
    private static final String HOST = "127.0.0.1";
    private static final int LAST = 16_383;

    private final ScriptedRedis one = new ScriptedRedis();
    private final ScriptedRedis two = new ScriptedRedis();
    private @Nullable RedisSharedStore opened;

    @AfterEach
    void close() {
        if (opened != null) {
            opened.close();
        }
        one.close();
        two.close();
    }

    private RedisSharedStore store(Duration maxStaleness) {
        RedisSharedStore store = RedisSharedStore.cluster(one.uri())
                .commandTimeout(Duration.ofSeconds(2))
                .maxStaleness(maxStaleness)
                .build();
        opened = store;
        return store;
    }

    private static SharedSpace<String> open(RedisSharedStore store) {
        return store.open("views", KeyCodec.string(), "utf8", key -> {});
    }

    private static String all(ScriptedRedis node) {
        return ScriptedRedis.array(ScriptedRedis.range(0, LAST, HOST, node.port()));
    }

    /** This node thinks so of the cluster. */
    private static @Nullable String view(String command, long epoch, String slots) {
        return switch (command) {
            case "CLUSTER INFO" -> ScriptedRedis.clusterInfo(epoch);
            case "CLUSTER SLOTS" -> slots;
            default -> null;
        };
    }

    private static @Nullable String movedTo(ScriptedRedis node, String command) {
        return command.startsWith("GET ") ? "-MOVED 1 " + HOST + ":" + node.port() + "\r\n" : null;
    }

    /** Of keys in both halves. */
    private static boolean isHome(RedisSharedStore store, ScriptedRedis node) {
        return Stream.of(LOW, HIGH)
                .map(store.routes()::homeOrNull)
                .allMatch(home -> home != null && home.where().endsWith(":" + node.port()));
    }

    @Test
    void aClusterThatWasMadeAnewAtTheSameAddressesIsBelievedInTheEnd() {
        one.says(command -> view(command, 9, all(one)));
        RedisSharedStore store = store(Duration.ofSeconds(2));
        SharedSpace<String> space = open(store);
        assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
        assertTrue(isHome(store, one));
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            two.says(command -> view(command, 2, all(two)));
            one.says(command -> {
                String view = view(command, 2, all(two));
                return view == null ? movedTo(two, command) : view;
            });
            await().until(() -> {
                assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
                return isHome(store, two);
            });
            log.awaitLine("epoch", "9", "2");
        }
    }

    private long views() {
        return one.count("CLUSTER SLOTS") + two.count("CLUSTER SLOTS");
    }

    /** Each command that is sent on asks for one. */
    @Test
    void nodesAreNotAskedForTheirViewsMoreOftenThanTheyCouldChange() {
        RedisSharedStore store = store(Duration.ofSeconds(2));
        SharedSpace<String> space = open(store);
        assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
        String both = ScriptedRedis.array(
                ScriptedRedis.range(0, LAST - 1, HOST, one.port()), ScriptedRedis.range(LAST, LAST, HOST, two.port()));
        one.says(command -> {
            String view = view(command, 1, both);
            return view == null ? movedTo(two, command) : view;
        });
        two.says(command -> view(command, 1, both));
        long before = views();
        long began = TimeSource.system().nanoTime();
        for (int i = 0; i < 300; i++) {
            assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
        }
        long most = 3 + TimeUnit.NANOSECONDS.toMillis(TimeSource.system().nanoTime() - began) / 20;
        long asked = views() - before;
        assertTrue(asked <= most, asked + ", and not more than " + most);
    }

    @Test
    void aViewThatIsWantedWhileAnotherOneIsUnderWayIsAskedFor() {
        try (Client client = new Client(null)) {
            // Without a store, whose ticks would ask too.
            Lookout lookout = new Lookout(client, List.of(RedisURI.create(one.uri())), List::of, view -> {});
            lookout.lookAround();
            lookout.lookAround();
            await().until(() -> one.count("CLUSTER SLOTS") == 2);
        }
    }

    private static String halves(ScriptedRedis first, ScriptedRedis second) {
        return ScriptedRedis.array(
                ScriptedRedis.range(0, 8_000, HOST, first.port()),
                ScriptedRedis.range(8_001, LAST, HOST, second.port()));
    }

    /** It may be part of another cluster by now. */
    @Test
    void aNodeThatIsNoLongerPartOfTheClusterIsNotBelieved() {
        one.says(command -> view(command, 1, halves(one, two)));
        two.says(command -> view(command, 1, halves(one, two)));
        RedisSharedStore store = store(Duration.ofMillis(100));
        await().until(() -> store.links().size() == 2);
        one.says(command -> view(command, 2, all(one)));
        two.says(command -> view(command, 2, all(one)));
        await().until(() -> isHome(store, one));
        two.says(command -> view(command, 9, all(two)));
        await().during(Duration.ofSeconds(1)).until(() -> isHome(store, one));
    }

    /** As by a reset, and by becoming part of another one at once, before anybody has heard that it is gone. */
    @Test
    void aNodeThatShowsNobodyOfTheClusterIsNotBelieved() {
        one.says(command -> view(command, 1, halves(one, two)));
        two.says(command -> view(command, 1, halves(one, two)));
        RedisSharedStore store = store(Duration.ofMillis(100));
        await().until(() -> store.links().size() == 2);
        try (ScriptedRedis foreign = new ScriptedRedis()) {
            two.says(command -> view(command, 9, all(foreign)));
            long before = views();
            await().until(() -> views() > before + 6);
            assertTrue(Stream.of(LOW, HIGH)
                    .map(store.routes()::homeOrNull)
                    .noneMatch(home -> home == null || home.where().endsWith(":" + foreign.port())));
        }
    }

    /** As it goes on when it was taken out of its cluster. */
    @Test
    void aNodeThatIsPartOfNoClusterIsNotTheOnlyOneAsked() {
        one.says(command -> view(command, 1, "*0\r\n"));
        try (RedisSharedStore store =
                RedisSharedStore.cluster(one.uri(), two.uri()).build()) {
            assertTrue(store.isConnected());
        }
    }

    @Test
    void aClusterWithoutSlotsIsAwayUntilItHasSome() {
        one.says(command -> view(command, 1, "*0\r\n"));
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            RedisSharedStore store = store(Duration.ofMillis(100));
            log.awaitLine("Redis at " + HOST + ":" + one.port(), "CLUSTER SLOTS");
            await().until(() -> one.count("CLUSTER SLOTS") > 3);
            assertTrue(log.lines().stream().noneMatch(line -> line.contains("connected to")), log.lines()::toString);
            one.says(command -> null);
            log.awaitLine("connected to the Redis Cluster");
            await().until(store::isConnected);
        }
    }

    /** Its outage is told once a minute, and that it began has to be told too. */
    @Test
    void aNodeThatIsAwayAtItsFirstAttemptIsNamed() {
        int port = two.port();
        two.close();
        one.says(command -> view(
                command,
                1,
                ScriptedRedis.array(
                        ScriptedRedis.range(0, 8_000, HOST, one.port()),
                        ScriptedRedis.range(8_001, LAST, HOST, port))));
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            store(Duration.ofSeconds(2));
            log.awaitLine("Redis at " + HOST + ":" + port, "is tried again");
        }
    }

    /** Nobody has a node by then whose connection would tell. */
    @Test
    void aClusterThatWasAwayAtTheStartAndThenRefusesSaysSo() {
        int port = one.port();
        one.close();
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            RedisSharedStore store = store(Duration.ofMillis(100));
            try (ScriptedRedis again = new ScriptedRedis(port)
                    .says(command ->
                            command.startsWith("HELLO") ? "-WRONGPASS invalid username-password pair\r\n" : null)) {
                log.awaitLine("refuses the connection", "WRONGPASS");
                await().until(() -> again.count("HELLO") > 3);
                assertEquals(
                        1,
                        log.lines().stream()
                                .filter(line -> line.contains("refuses"))
                                .count(),
                        log.lines()::toString);
                again.says(command -> null);
                await().until(() -> !store.links().isEmpty());
                log.awaitLine("connected to the Redis Cluster");
            }
        }
    }

    /** Those that are may all have been moved to another cluster, and the seeds' names lead to the right one. */
    @Test
    void aSeedIsAskedNowAndThenThoughItIsNotPartOfTheCluster() {
        one.says(command -> view(command, 1, all(two)));
        two.says(command -> view(command, 1, all(two)));
        RedisSharedStore store = store(Duration.ofMillis(50));
        await().until(() -> isHome(store, two));
        one.says(command -> view(command, 2, all(one)));
        await().until(() -> isHome(store, one));
    }
}
