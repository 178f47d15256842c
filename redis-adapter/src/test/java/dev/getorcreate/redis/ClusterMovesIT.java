package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.RedisCluster;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.SlotMigration;
import dev.getorcreate.testkit.TcpProxy;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** What a Redis Cluster goes through while it is used: slots that move, upstreams that die, join, or are demoted. */
@Tag("once")
class ClusterMovesIT {

    private static final Duration LONG = Duration.ofMinutes(1);
    private static final Watch NOBODY = vouch -> {};
    private static final byte[] PAYLOAD = "v".getBytes(StandardCharsets.UTF_8);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisCluster cluster;

    @BeforeEach
    void start() {
        cluster = Servers.need("a Redis Cluster", RedisCluster::start);
    }

    @AfterEach
    void stop() {
        Closing.lastFirst(cluster, () -> Closing.lastFirst(opened));
    }

    private SharedSpace<String> process(Set<String> told) {
        return process(store(Duration.ofMillis(50)), told);
    }

    private RedisSharedStore store(Duration pollEvery) {
        RedisSharedStore store = RedisSharedStore.cluster(cluster.uris().toArray(String[]::new))
                .commandTimeout(Duration.ofSeconds(3))
                .pollEvery(pollEvery)
                .build();
        opened.add(store);
        return store;
    }

    private static SharedSpace<String> process(RedisSharedStore store, Set<String> told) {
        return store.open("moving", KeyCodec.string(), "utf8", told::add);
    }

    private static Set<String> changes() {
        return ConcurrentHashMap.newKeySet();
    }

    private static Claim claim() {
        return new Claim(Token.random(), Duration.ofSeconds(2), () -> {});
    }

    private static Vouch publish(SharedSpace<String> space, String key) {
        Claim claim = claim();
        assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, NOBODY));
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertEquals(Published.PUBLISHED, space.publish(key, claim, PAYLOAD, LONG, word::set));
        return word.get();
    }

    private static AtomicReference<Vouch> read(SharedSpace<String> space, String key) {
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertInstanceOf(Look.Present.class, space.look(key, word::set));
        return word;
    }

    /** Until what is read may be kept: the new place of the slot is known by then. */
    private static void awaitKept(SharedSpace<String> space, String key) {
        await().ignoreExceptions().until(() -> {
            Vouch word = read(space, key).get();
            return word != null && !isOver(word);
        });
    }

    private static boolean isOver(Vouch word) {
        return word.servableUntil() <= TimeSource.system().nanoTime();
    }

    /** A key's slot, as it stands there. */
    private int slot(SharedSpace<String> space, String key) {
        RedisSpace<String> real = (RedisSpace<String>) space;
        return SlotHash.getSlot(Deletes.whole(real.generations().current(), real.bare(key)));
    }

    private RedisServer another(int slot) {
        RedisServer owner = cluster.upstreamOf(slot);
        return List.of(cluster.upstreamOf(0), cluster.upstreamOf(8_000), cluster.upstreamOf(16_383)).stream()
                .filter(node -> node.port() != owner.port())
                .findFirst()
                .orElseThrow();
    }

    @Test
    void keysOnAllUpstreamsAreReadWrittenAndTold() {
        Set<String> told = changes();
        SharedSpace<String> reader = process(told);
        SharedSpace<String> writer = process(changes());
        List<Integer> ports = new ArrayList<>();
        for (int i = 0; i < 60; i++) {
            publish(writer, "k" + i);
            read(reader, "k" + i);
            ports.add(cluster.upstreamOf(slot(writer, "k" + i)).port());
        }
        assertEquals(3, Set.copyOf(ports).size(), "the keys are on all upstreams");
        for (int i = 0; i < 60; i++) {
            assertEquals(Invalidation.CONFIRMED, writer.invalidate("k" + i));
        }
        await().untilAsserted(() -> assertEquals(60, told.size()));
    }

    @Test
    void aSlotThatMovesTakesItsRecordsAlongAndNoEntryOutlivesTheMove() {
        Set<String> told = changes();
        SharedSpace<String> reader = process(told);
        SharedSpace<String> writer = process(changes());
        publish(writer, "k");
        Vouch word = read(reader, "k").get();
        int slot = slot(writer, "k");
        cluster.migrate(slot, another(slot));
        await().untilAsserted(() -> assertTrue(isOver(word), "what the old node showed is vouched for no more"));
        awaitKept(reader, "k");
        told.clear();
        assertEquals(Invalidation.CONFIRMED, writer.invalidate("k"));
        await().untilAsserted(() -> assertTrue(told.contains("k"), "and the new node tells of its changes"));
    }

    @Test
    void aClaimHeldWhileItsSlotMovesIsRenewedAndPublished() {
        SharedSpace<String> holder = process(changes());
        SharedSpace<String> other = process(changes());
        Claim claim = claim();
        assertInstanceOf(Look.Granted.class, holder.claim("k", claim, null, NOBODY));
        int slot = slot(holder, "k");
        cluster.migrate(slot, another(slot));
        long renewed =
                TimeSource.system().nanoTime() + claim.lease().multipliedBy(2).toNanos();
        await().until(() -> TimeSource.system().nanoTime() > renewed);
        Look.Held held = assertInstanceOf(Look.Held.class, other.look("k", NOBODY));
        assertEquals(claim.token(), held.token());
        assertEquals(Published.PUBLISHED, holder.publish("k", claim, PAYLOAD, LONG, NOBODY));
        read(other, "k");
    }

    @Test
    void whileASlotIsOnItsWayCommandsFollowIt() {
        SharedSpace<String> one = process(changes());
        SharedSpace<String> two = process(changes());
        publish(one, "k");
        int slot = slot(one, "k");
        RedisServer target = another(slot);
        SlotMigration half = cluster.beginMigration(slot, target);
        read(two, "k"); // still at the old node
        half.moveKeys();
        read(two, "k"); // ASK
        assertEquals(Invalidation.CONFIRMED, one.invalidate("k"));
        assertInstanceOf(Look.Nothing.class, two.look("k", NOBODY));
        // Until all links have been asked, and whatever waits would have been sent again.
        long asked = TimeSource.system().nanoTime() + Duration.ofMillis(700).toNanos();
        await().until(() -> TimeSource.system().nanoTime() > asked);
        String stats = String.valueOf(target.command("INFO", "commandstats"));
        assertTrue(stats.contains("cmdstat_del:calls=1,"), "a second DEL would remove what was made since: " + stats);
        publish(two, "k"); // at the new node, since the old one has not got it any more
        read(one, "k");
        half.finish();
        read(one, "k");
        read(two, "k");
    }

    @Test
    void whoWaitsWhereHisLookWasSentOnLearnsThatThatNodeWasLost() throws Exception {
        SharedSpace<String> one = process(changes());
        SharedSpace<String> two = process(store(Duration.ofMinutes(10)), changes());
        int slot = slot(one, "k");
        RedisServer target = another(slot);
        cluster.beginMigration(slot, target);
        Claim claim = new Claim(Token.random(), LONG, () -> {});
        assertInstanceOf(Look.Granted.class, one.claim("k", claim, null, NOBODY)); // ASK
        Look.Held held = assertInstanceOf(Look.Held.class, two.look("k", NOBODY));
        CompletableFuture<Look> woken = CompletableFuture.supplyAsync(() -> {
            try {
                return two.next("k", held, TimeSource.system().nanoTime() + LONG.toNanos(), NOBODY);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
        target.kill();
        Throwable cause = assertThrows(ExecutionException.class, () -> woken.get(10, TimeUnit.SECONDS))
                .getCause();
        assertInstanceOf(SharedStoreUnavailableException.class, cause);
    }

    @Test
    void anUpstreamThatJoinsIsUsedAndTellsOfChanges() {
        Set<String> told = changes();
        SharedSpace<String> reader = process(told);
        SharedSpace<String> writer = process(changes());
        publish(writer, "k");
        read(reader, "k");
        cluster.migrate(slot(writer, "k"), cluster.addUpstream());
        awaitKept(reader, "k");
        told.clear();
        assertEquals(Invalidation.CONFIRMED, writer.invalidate("k"));
        await().untilAsserted(() -> assertTrue(told.contains("k")));
    }

    @Test
    void afterAFailoverCreationGoesOnAndNothingReadBeforeIsServed() {
        SharedSpace<String> space = process(changes());
        SharedSpace<String> other = process(changes());
        publish(space, "k");
        int slot = slot(space, "k");
        Vouch word = read(other, "k").get();
        cluster.upstreamOf(slot).kill();
        await().untilAsserted(() -> assertTrue(isOver(word)));
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> {
            space.invalidate("k");
            publish(space, "k");
        });
        await().atMost(Duration.ofSeconds(20)).ignoreExceptions().untilAsserted(() -> read(other, "k"));
    }

    @Test
    void aDemotedUpstreamIsLeftForThePromotedOne() {
        Set<String> told = changes();
        SharedSpace<String> reader = process(told);
        SharedSpace<String> writer = process(changes());
        publish(writer, "k");
        Vouch word = read(reader, "k").get();
        cluster.failover(slot(writer, "k"));
        await().untilAsserted(() -> assertTrue(isOver(word)));
        awaitKept(reader, "k");
        told.clear();
        assertEquals(Invalidation.CONFIRMED, writer.invalidate("k"));
        await().untilAsserted(() -> assertTrue(told.contains("k")));
    }

    @Test
    void aNodeThatRestartsWithAnOldSnapshotIsToldOfInvalidationsAgain() {
        SharedSpace<String> space = process(changes());
        publish(space, "k");
        // So that its replica does not take over.
        cluster.nodes().forEach(node -> node.command("CONFIG", "SET", "cluster-node-timeout", "60000"));
        RedisServer owner = cluster.upstreamOf(slot(space, "k"));
        assertEquals("OK", owner.command("SAVE"));
        assertEquals(Invalidation.CONFIRMED, space.invalidate("k"));
        owner.restart();
        assertTrue((Long) owner.command("DBSIZE") > 0, "the snapshot was loaded");
        await().atMost(Duration.ofSeconds(20))
                .ignoreExceptions()
                .untilAsserted(() -> assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY)));
    }

    /** A process with proxies of its own, and a key that stands on another node than the cache's generation. */
    private final class Apart {
        final ManyServers servers = new ManyServers();
        final RedisSharedStore store;
        final SharedSpace<String> space;
        final String key;
        final TcpProxy generationsNode;

        Apart(Duration commandTimeout) {
            RedisURI[] uris = cluster.uris().stream().map(RedisURI::create).toArray(RedisURI[]::new);
            store = RedisSharedStore.cluster(servers.cluster, uris)
                    .maxStaleness(Duration.ofMillis(400))
                    .commandTimeout(commandTimeout)
                    .build();
            opened.add(store);
            opened.add(servers);
            space = store.open("moving", KeyCodec.string(), "utf8", told -> {});
            int port = cluster.upstreamOf(SlotHash.getSlot(new Namespace("moving").generationKey()))
                    .port();
            generationsNode = servers.proxy(port);
            int number = 0;
            while (cluster.upstreamOf(slot(space, "k" + number)).port() == port) {
                number++;
            }
            key = "k" + number;
        }
    }

    @Test
    void underAGenerationThatNobodyVouchesForAnyMoreNothingIsRead() {
        Apart apart = new Apart(Duration.ofSeconds(5));
        SharedSpace<String> other = process(changes());
        publish(other, apart.key);
        read(apart.space, apart.key);
        apart.generationsNode.blackHole(true);
        assertEquals(Invalidation.CONFIRMED, other.invalidateAll());
        // Its maxStaleness, and as much again for a busy machine; the connection is given up only seconds later.
        await().pollDelay(Duration.ofMillis(800)).until(() -> true);
        Look seen = null;
        try {
            seen = apart.space.look(apart.key, NOBODY);
        } catch (SharedStoreUnavailableException e) {
            // as good: the caller goes on without it
        }
        assertFalse(seen instanceof Look.Present, "an old record under a generation that is no more");
    }

    @Test
    void anInvalidationThatIsCalledPendingIsPending() {
        Apart apart = new Apart(Duration.ofMillis(300));
        apart.generationsNode.holdReplies(true);
        assertEquals(Invalidation.PENDING, apart.space.invalidate(apart.key));
        RedisSpace<String> real = (RedisSpace<String>) apart.space;
        assertTrue(apart.store.invalidations().isPending(real.bare(apart.key)));
        apart.generationsNode.holdReplies(false);
        await().until(() -> !apart.store.invalidations().isPending(real.bare(apart.key)));
    }
}
