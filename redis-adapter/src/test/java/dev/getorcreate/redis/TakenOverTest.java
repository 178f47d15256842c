package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Vouch;
import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** A replica of a cluster's takes over, which may have missed the last invalidations. */
class TakenOverTest {

    private static final String HOST = "127.0.0.1";
    private static final int LAST = 16_383;

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    /** The upstream first, then its replicas. */
    private static List<Object> range(long from, long to, String... nodes) {
        return Stream.concat(
                        Stream.of(from, to),
                        Arrays.stream(nodes).map(node -> List.of(bytes(node), 7000L, bytes("id-" + node))))
                .toList();
    }

    private static Set<String> takenOver(List<?> before, List<?> after) {
        return Slots.parse(before, "asked").takenOver(Slots.parse(after, "asked"));
    }

    @Test
    void aNodeWithoutSlotsMayHaveBeenTakenOverAlsoByOneThatHadSome() {
        assertEquals(
                Set.of("a:7000"),
                takenOver(List.of(range(0, 8_000, "a"), range(8_001, LAST, "b")), List.of(range(0, LAST, "b"))));
    }

    @Test
    void aNodeWasTakenOverByItsReplicaThoughItHasOtherSlotsNow() {
        assertEquals(
                Set.of("a:7000"),
                takenOver(
                        List.of(range(0, 8_000, "a", "c"), range(8_001, LAST, "b", "d")),
                        List.of(range(0, 7_999, "c"), range(8_000, 8_000, "a"), range(8_001, LAST, "b", "d"))));
    }

    /** Records go along, and none is lost. */
    @Test
    void aNodeThatGivesSlotsAwayIsNotTakenOver() {
        List<?> before = List.of(range(0, 8_000, "a", "c"), range(8_001, LAST, "b", "d"));
        for (String heir : List.of("b", "d", "joined")) {
            List<?> after = List.of(range(0, 0, heir), range(1, 8_000, "a", "c"), range(8_001, LAST, "b", "d"));
            assertEquals(Set.of(), takenOver(before, after), heir);
        }
    }

    private static String record() {
        byte[] record = Payload.record(Token.random(), 0, 0, Payload.codecId("utf8"), false, bytes("v"));
        return ScriptedRedis.bulk(new String(record, StandardCharsets.ISO_8859_1));
    }

    /** One slot stays where it is: a view that shows nobody of the cluster is not believed. */
    private static String slots(ScriptedRedis owner, int slot, ScriptedRedis other) {
        return ScriptedRedis.array(
                ScriptedRedis.range(0, slot - 1, HOST, owner.port()),
                ScriptedRedis.range(slot, slot, HOST, other.port()),
                ScriptedRedis.range(slot + 1, LAST, HOST, owner.port()));
    }

    private static RedisSharedStore store(ScriptedRedis seed) {
        return RedisSharedStore.cluster(seed.uri())
                .commandTimeout(Duration.ofSeconds(5))
                .build();
    }

    private static RedisSpace<String> open(RedisSharedStore store) {
        return (RedisSpace<String>) store.open("taken", KeyCodec.string(), "utf8", key -> {});
    }

    private static void awaitHome(RedisSharedStore store, byte[] whole, ScriptedRedis node) {
        ((Cluster) store.routes()).lookAround();
        await().until(() -> store.routes().home(whole).where().endsWith(HOST + ":" + node.port()));
    }

    /** What a replica shows that has not heard of the invalidation, and whose DEL it then refuses. */
    @Test
    void whatWasReadWhereItWasSentOnToBeforeThatIsKnownIsVouchedForNoMore() {
        int generation = SlotHash.getSlot(new Namespace("taken").generationKey());
        try (ScriptedRedis one = new ScriptedRedis();
                ScriptedRedis two = new ScriptedRedis();
                ScriptedRedis generations = new ScriptedRedis()) {
            AtomicReference<ScriptedRedis> owner = new AtomicReference<>(one);
            String sentOn = "-MOVED 1 " + HOST + ":" + two.port() + "\r\n";
            AtomicReference<String> records = new AtomicReference<>("$-1\r\n");
            Stream.of(one, two, generations)
                    .forEach(node -> node.says(command -> switch (command.split(" ", 2)[0]) {
                        case "CLUSTER" ->
                            command.equals("CLUSTER INFO") ? null : slots(owner.get(), generation, generations);
                        case "GET" -> node == two ? record() : records.get();
                        case "DEL" -> node == two ? "-LOADING as if\r\n" : null;
                        default -> null;
                    }));
            try (RedisSharedStore store = store(one)) {
                RedisSpace<String> space = open(store);
                assertEquals(Invalidation.CONFIRMED, space.invalidate("k"));
                byte[] whole = Deletes.whole(space.generations().current(), space.bare("k"));
                records.set(sentOn);
                AtomicReference<Vouch> word = new AtomicReference<>();
                assertInstanceOf(Look.Present.class, space.look("k", word::set));
                assertTrue(word.get().servableUntil() > store.time().nanoTime());
                owner.set(two);
                awaitHome(store, whole, two);
                assertNotNull(store.invalidations().owed(space.bare("k")));
                assertTrue(word.get().servableUntil() < 0);
            }
        }
    }

    /** Whoever sends it had found the old one's link, and was stopped; the old one is cut off from the others only. */
    @Test
    void anInvalidationThatIsSentToTheOldUpstreamWhenItWasTakenOverIsNotDone() {
        try (ScriptedRedis one = new ScriptedRedis();
                ScriptedRedis two = new ScriptedRedis();
                ScriptedRedis other = new ScriptedRedis()) {
            AtomicReference<ScriptedRedis> owner = new AtomicReference<>(one);
            Stream.of(one, two, other)
                    .forEach(node -> node.says(command -> switch (command.split(" ", 2)[0]) {
                        case "CLUSTER" -> command.equals("CLUSTER INFO") ? null : slots(owner.get(), 1, other);
                        case "DEL", "SET" -> node == two ? "-LOADING as if\r\n" : null;
                        default -> null;
                    }));
            try (RedisSharedStore store = store(one)) {
                RedisSpace<String> space = open(store);
                Generation generation = space.generations().current();
                Link old = generation.from();
                owner.set(two);
                awaitHome(store, Deletes.whole(generation, space.bare("k")), two);
                Generation now = space.generations().current();
                Invalidations invalidations = store.invalidations();
                Pending mine = invalidations.begin(space.bare("k"));
                Reply<Long> delete = invalidations.deletes().of(generation, space.bare("k"), mine);
                old.send(delete);
                await().until(delete::isDone);
                await().until(space.generations().ask(now.from())::isDone);
                assertFalse(invalidations.left(space.bare("k"), mine, true));
                assertNotNull(invalidations.owed(space.bare("k")));
                invalidations.beginAll(space, true);
                await().until(space.generations().ask(old)::isDone);
                assertTrue(invalidations.isAllPending(space));
            }
        }
    }
}
