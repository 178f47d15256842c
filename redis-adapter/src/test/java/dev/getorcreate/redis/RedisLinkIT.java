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
import dev.getorcreate.testkit.CapturedLog;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What a connection goes through: a server that is away, slow, frozen, restarted, strict; pushes lost; scripts forgotten. */
class RedisLinkIT {

    private static final Duration LEASE = Duration.ofSeconds(1);
    private static final Duration LONG = Duration.ofSeconds(10);
    private static final Duration OFF = Duration.ofHours(1);
    private static final Watch NOBODY = vouch -> {};
    private static final byte[] PAYLOAD = "v".getBytes(StandardCharsets.UTF_8);

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisServer redis;

    @BeforeEach
    void start() {
        redis = Servers.need("Redis", RedisServer::startOwn);
    }

    @AfterEach
    void close() {
        Closing.lastFirst(redis, () -> Closing.lastFirst(opened));
    }

    private RedisSharedStoreBuilder builder() {
        return builder(redis.port());
    }

    /** With a time-out that a busy machine keeps. */
    private static RedisSharedStoreBuilder builder(int port) {
        return RedisSharedStore.builder("redis://127.0.0.1:" + port).commandTimeout(Duration.ofSeconds(2));
    }

    private SharedSpace<String> process(RedisSharedStoreBuilder builder) {
        RedisSharedStore store = builder.build();
        opened.add(store);
        return store.open("links", KeyCodec.string(), "utf8", key -> {});
    }

    private static Claim claim(Duration lease) {
        return new Claim(Token.random(), lease, () -> {});
    }

    private static long in(Duration duration) {
        return TimeSource.system().nanoTime() + duration.toNanos();
    }

    @Test
    void aServerThatIsAwayAtTheStartIsNoErrorAndIsUsedOnceItIsThere() {
        redis.kill();
        SharedSpace<String> space = process(builder());
        assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY));
        redis.restart();
        await().ignoreExceptions().untilAsserted(() -> assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY)));
    }

    @Test
    void aLongCommandTimeoutIsWaitedFor() throws Exception {
        SharedSpace<String> space = process(builder().commandTimeout(LONG));
        space.look("k", NOBODY);
        redis.freeze();
        CompletableFuture<Look> answer = CompletableFuture.supplyAsync(() -> space.look("k", NOBODY));
        // Longer than anything else here has for an answer.
        assertThrows(TimeoutException.class, () -> answer.get(3, TimeUnit.SECONDS));
        redis.thaw();
        assertInstanceOf(Look.Nothing.class, answer.get(5, TimeUnit.SECONDS));
    }

    /** How fresh entries must be says nothing about how soon a server is used again. */
    @Test
    void aLinkThatStalledIsUsedAgainSoonHoweverRarelyItIsAskedInHealth() {
        TcpProxy proxy = TcpProxy.to(redis.port());
        opened.add(proxy);
        SharedSpace<String> space = process(builder(proxy.port()).maxStaleness(Duration.ofMinutes(10)));
        assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
        proxy.holdReplies(true);
        assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY));
        long until = in(Duration.ofSeconds(3));
        await().until(() -> in(Duration.ZERO) > until);
        proxy.holdReplies(false);
        await().ignoreExceptions()
                .atMost(Duration.ofSeconds(5))
                .untilAsserted(() -> assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY)));
    }

    @Test
    void closingIsQuiet() {
        try (CapturedLog log = new CapturedLog("io.lettuce");
                CapturedLog own = new CapturedLog("dev.getorcreate.redis")) {
            for (int i = 0; i < 5; i++) {
                RedisSharedStore store = builder().build();
                store.open("links", KeyCodec.string(), "utf8", key -> {}).look("k", NOBODY);
                store.close();
                assertFalse(store.isConnected());
            }
            assertEquals(List.of(), log.lines());
            assertEquals(5, own.lines().size(), () -> "connected five times, and nothing else: " + own.lines());
        }
    }

    /** With an arbiter, no caller would tell of it. */
    @Test
    void anOutageIsToldAndItsEndToo() {
        RedisSharedStore store = builder().build();
        opened.add(store);
        assertTrue(store.isConnected());
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            redis.kill();
            log.awaitLine("lost the connection to", "127.0.0.1");
            assertFalse(store.isConnected());
            redis.restart();
            log.awaitLine("connected to", "again, after", " ms");
            await().until(store::isConnected);
            assertEquals(2, log.lines().size(), () -> "nothing else: " + log.lines());
        }
    }

    @Test
    void aServerThatDoesNotAnswerIsNotConnectedUntilItDoes() {
        RedisSharedStore store = builder().build();
        opened.add(store);
        SharedSpace<String> space = store.open("links", KeyCodec.string(), "utf8", key -> {});
        redis.freeze();
        assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY));
        assertFalse(store.isConnected());
        redis.thaw();
        await().until(store::isConnected);
    }

    @Test
    void whatAnswersLateVouchesFromItsAskingOn() {
        Duration late = Duration.ofMillis(200);
        Duration maxStaleness = Duration.ofSeconds(1);
        TcpProxy proxy = TcpProxy.to(redis.port());
        opened.add(proxy);
        SharedSpace<String> space = process(builder(proxy.port()).maxStaleness(maxStaleness));
        Claim claim = claim(LONG);
        assertInstanceOf(Look.Granted.class, space.claim("k", claim, null, NOBODY));
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertEquals(Published.PUBLISHED, space.publish("k", claim, PAYLOAD, LONG, word::set));
        proxy.delay(late);
        // What was answered in time before is used up by then.
        long first = word.get().servableUntil();
        await().until(() -> word.get().servableUntil() > first + maxStaleness.toNanos());
        long until = in(Duration.ofSeconds(2));
        long longest = Long.MIN_VALUE;
        while (in(Duration.ZERO) < until) {
            longest = Math.max(longest, word.get().servableUntil() - in(Duration.ZERO));
            LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
        }
        assertTrue(longest <= maxStaleness.minus(late).toNanos(), "vouched for " + longest + " ns to come");
    }

    @Test
    void aLostConnectionEndsItsWordAndTheNextOneHasItsOwn() {
        SharedSpace<String> space = process(builder());
        Claim claim = claim(LONG);
        assertInstanceOf(Look.Granted.class, space.claim("k", claim, null, NOBODY));
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertEquals(Published.PUBLISHED, space.publish("k", claim, PAYLOAD, LONG, word::set));
        assertTrue(word.get().servableUntil() > in(Duration.ZERO));
        redis.kill();
        await().untilAsserted(() -> assertTrue(word.get().servableUntil() < 0));
        redis.restart();
        Claim again = claim(LONG);
        await().ignoreExceptions()
                .untilAsserted(() -> assertInstanceOf(Look.Granted.class, space.claim("k2", again, null, NOBODY)));
        AtomicReference<Vouch> next = new AtomicReference<>();
        assertEquals(Published.PUBLISHED, space.publish("k2", again, PAYLOAD, LONG, next::set));
        assertTrue(next.get().servableUntil() > in(Duration.ZERO));
        assertTrue(word.get().servableUntil() < 0, "an old word is not revived by a new connection");
    }

    /** Else it would never be old, and a failover on any later day would invalidate it again. */
    @Test
    void whatWasConfirmedOverALostConnectionIsRememberedWithTheNextOneToTheSameServer() {
        TcpProxy proxy = TcpProxy.to(redis.port());
        opened.add(proxy);
        SharedSpace<String> space = process(builder(proxy.port()));
        RedisSharedStore store = (RedisSharedStore) opened.get(1);
        assertEquals(Invalidation.CONFIRMED, space.invalidate("k"));
        assertEquals(Invalidation.CONFIRMED, space.invalidateAll());
        List<Link> before = store.links();
        assertEquals(Set.copyOf(before), remembered(store));
        proxy.cut();
        await().until(() -> !store.links().isEmpty() && !store.links().equals(before));
        assertEquals(Set.copyOf(store.links()), remembered(store));
    }

    /** The links whose confirmed invalidations are remembered. */
    private static Set<Link> remembered(RedisSharedStore store) {
        Set<Link> links = new HashSet<>();
        store.invalidations().reviveRecent(link -> {
            links.add(link);
            return false; // it goes on being remembered
        });
        return links;
    }

    @Test
    void aFrozenServerCostsOneTimeOutAndThenNothingUntilItAnswersAgain() {
        SharedSpace<String> space = process(builder());
        space.look("k", NOBODY);
        redis.freeze();
        String first = assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY))
                .getMessage();
        assertTrue(first.contains("did not answer within"), first);
        String second = assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY))
                .getMessage();
        assertTrue(second.contains("stopped answering"), second);
        redis.thaw();
        await().ignoreExceptions().untilAsserted(() -> assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY)));
    }

    @Test
    void aServerThatStaysFrozenLosesItsConnectionAndItsWord() {
        SharedSpace<String> space = process(builder().maxStaleness(Duration.ofMillis(300)));
        Claim claim = claim(LONG);
        space.claim("k", claim, null, NOBODY);
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertEquals(Published.PUBLISHED, space.publish("k", claim, PAYLOAD, LONG, word::set));
        redis.freeze();
        await().untilAsserted(() -> assertTrue(word.get().servableUntil() < 0));
        redis.thaw();
        await().ignoreExceptions().untilAsserted(() -> assertInstanceOf(Look.Present.class, space.look("k", NOBODY)));
    }

    @Test
    void aWaiterIsWokenByThePushAloneWithPollingOff() throws Exception {
        SharedSpace<String> holder = process(builder());
        SharedSpace<String> waiter = process(builder().pollEvery(OFF));
        Claim claim = claim(OFF); // its end is asked for long after
        assertInstanceOf(Look.Granted.class, holder.claim("k", claim, null, NOBODY));
        Look.Held held = assertInstanceOf(Look.Held.class, waiter.look("k", NOBODY));
        CompletableFuture<Look> answer = next(waiter, held);
        assertEquals(Published.PUBLISHED, holder.publish("k", claim, PAYLOAD, Duration.ofMinutes(1), NOBODY));
        assertInstanceOf(Look.Present.class, answer.get(20, TimeUnit.SECONDS));
        assertEquals(0, waiter.pollsThatFound());
    }

    @Test
    void aChangeBetweenTheLookAndTheLyingDownIsNotSleptOver() throws Exception {
        SharedSpace<String> holder = process(builder());
        SharedSpace<String> waiter = process(builder().pollEvery(OFF));
        Claim claim = claim(OFF);
        holder.claim("k", claim, null, NOBODY);
        Look.Held held = assertInstanceOf(Look.Held.class, waiter.look("k", NOBODY));
        assertEquals(Published.PUBLISHED, holder.publish("k", claim, PAYLOAD, Duration.ofMinutes(1), NOBODY));
        waiter.look("other", NOBODY); // behind the push on the same wire
        assertInstanceOf(Look.Present.class, next(waiter, held).get(20, TimeUnit.SECONDS));
    }

    @Test
    void withThePushesDroppedThePollsServeAndAreCounted() throws Exception {
        SharedSpace<String> holder = process(builder());
        SharedSpace<String> waiter = process(builder());
        ((RedisSharedStore) opened.get(1)).deafen(true);
        Claim claim = claim(LONG);
        holder.claim("k", claim, null, NOBODY);
        CompletableFuture<Look> answer = next(waiter, (Look.Held) waiter.look("k", NOBODY));
        assertEquals(Published.PUBLISHED, holder.publish("k", claim, PAYLOAD, LONG, NOBODY));
        assertInstanceOf(Look.Present.class, answer.get(5, TimeUnit.SECONDS));
        assertEquals(1, waiter.pollsThatFound());
    }

    @Test
    void theEndOfADeadHoldersClaimIsNoticedByTheTimerWithPushesDroppedAndPollingOff() throws Exception {
        SharedSpace<String> waiter = process(builder().pollEvery(OFF).commandTimeout(LONG));
        ((RedisSharedStore) opened.get(0)).deafen(true);
        RedisSharedStore dying = builder().commandTimeout(LONG).build();
        SharedSpace<String> holder = dying.open("links", KeyCodec.string(), "utf8", key -> {});
        holder.claim("k", claim(LEASE), null, NOBODY);
        Look.Held held = assertInstanceOf(Look.Held.class, waiter.look("k", NOBODY));
        dying.close(); // renews no more
        assertInstanceOf(Look.Nothing.class, next(waiter, held).get(5, TimeUnit.SECONDS));
        assertEquals(0, waiter.pollsThatFound());
    }

    @Test
    void aLiveHoldersClaimOutlivesItsLeaseManyTimes() throws Exception {
        SharedSpace<String> holder = process(builder());
        SharedSpace<String> other = process(builder());
        Claim claim = claim(LEASE);
        holder.claim("k", claim, null, NOBODY);
        Look.Held held = assertInstanceOf(Look.Held.class, other.look("k", NOBODY));
        Look after = other.next("k", held, in(LEASE.multipliedBy(4)), NOBODY);
        assertEquals(claim.token(), assertInstanceOf(Look.Held.class, after).token());
        assertEquals(Published.PUBLISHED, holder.publish("k", claim, PAYLOAD, LONG, NOBODY));
    }

    /** And no longer: its holder may die right after. */
    @Test
    void aRenewedClaimLivesForItsLeaseAgain() {
        SharedSpace<String> holder = process(builder().commandTimeout(LONG));
        Duration lease = Duration.ofSeconds(3);
        assertInstanceOf(Look.Granted.class, holder.claim("k", claim(lease), null, NOBODY));
        String whole = "links:" + redis.command("GET", "links:generation") + ":k";
        await().until(() ->
                String.valueOf(redis.command("INFO", "commandstats")).contains("cmdstat_pexpire:"));
        long life = (Long) redis.command("PTTL", whole);
        assertTrue(life > 0 && life <= lease.toMillis(), life + " ms, of " + lease.toMillis());
    }

    @Test
    void scriptsThatTheServerForgotAreSentAgain() {
        SharedSpace<String> holder = process(builder());
        Claim first = claim(LEASE);
        holder.claim("k", first, null, NOBODY);
        redis.command("SCRIPT", "FLUSH");
        assertEquals(Published.PUBLISHED, holder.publish("k", first, PAYLOAD, LONG, NOBODY));
        Claim second = claim(LONG);
        holder.claim("k2", second, null, NOBODY);
        redis.command("SCRIPT", "FLUSH");
        holder.release("k2", second, null);
        await().untilAsserted(() -> assertInstanceOf(Look.Nothing.class, holder.look("k2", NOBODY)));
    }

    @Test
    void anInvalidationMadeDuringAnOutageIsSentBeforeAnythingIsReadOverTheNewConnection() {
        // Frozen, not killed: the record must still be there afterwards.
        SharedSpace<String> space = process(builder().maxStaleness(Duration.ofMillis(300)));
        Claim claim = claim(LONG);
        space.claim("k", claim, null, NOBODY);
        assertEquals(Published.PUBLISHED, space.publish("k", claim, PAYLOAD, LONG, NOBODY));
        redis.freeze();
        assertEquals(Invalidation.PENDING, space.invalidate("k"));
        redis.thaw();
        AtomicReference<Look> firstSeen = new AtomicReference<>();
        await().ignoreExceptions().untilAsserted(() -> {
            firstSeen.compareAndSet(null, space.look("k", NOBODY));
            assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
        });
        assertInstanceOf(Look.Nothing.class, firstSeen.get());
    }

    @Test
    void whatIsReadOfAKeyWhoseInvalidationIsPendingIsNotKept() {
        SharedSpace<String> space = process(builder());
        RedisSharedStore store = (RedisSharedStore) opened.get(0);
        Claim claim = claim(LONG);
        space.claim("k", claim, null, NOBODY);
        assertEquals(Published.PUBLISHED, space.publish("k", claim, PAYLOAD, LONG, NOBODY));
        store.invalidations().begin(((RedisSpace<String>) space).bare("k"));
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertInstanceOf(Look.Present.class, space.look("k", word::set));
        assertEquals(null, word.get());
    }

    @Test
    void tooManyPendingInvalidationsBecomeOneOfTheWholeCache() {
        SharedSpace<String> space = process(builder().maxPendingInvalidations(3));
        SharedSpace<String> other = process(builder());
        publish(space, "never invalidated");
        redis.freeze();
        for (String key : List.of("a", "b", "a", "c")) {
            assertEquals(Invalidation.PENDING, space.invalidate(key));
        }
        redis.thaw();
        await().ignoreExceptions()
                .untilAsserted(() -> assertInstanceOf(Look.Present.class, space.look("never invalidated", NOBODY)));
        redis.freeze();
        for (String key : List.of("a", "b", "c", "d")) {
            assertEquals(Invalidation.PENDING, space.invalidate(key));
        }
        redis.thaw();
        await().ignoreExceptions()
                .untilAsserted(() -> assertInstanceOf(Look.Nothing.class, space.look("never invalidated", NOBODY)));
        await().untilAsserted(() -> assertInstanceOf(Look.Nothing.class, other.look("never invalidated", NOBODY)));
    }

    private static void publish(SharedSpace<String> space, String key) {
        Claim claim = claim(LONG);
        assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, NOBODY));
        assertEquals(Published.PUBLISHED, space.publish(key, claim, PAYLOAD, LONG, NOBODY));
    }

    @Test
    void aWrongPasswordIsRefusedWhenBuiltWithoutSayingIt() {
        redis.command("CONFIG", "SET", "requirepass", "right");
        IllegalArgumentException refused = assertThrows(IllegalArgumentException.class, () -> RedisSharedStore.builder(
                        "redis://:wrongsecret@127.0.0.1:" + redis.port())
                .build());
        assertTrue(refused.getMessage().contains("password"), refused.getMessage());
        assertFalse(refused.getMessage().contains("wrongsecret"));
    }

    @Test
    void malformedUrisAndAbsurdSettingsNameThemselves() {
        assertNames("redis://", () -> RedisSharedStore.builder("reddis:/somewhere"));
        assertNames(
                "commandTimeout", () -> builder().commandTimeout(Duration.ZERO).build());
        assertNames(
                "commandTimeout",
                () -> builder().commandTimeout(Duration.ofDays(1)).build());
        assertNames(
                "maxStaleness",
                () -> builder().maxStaleness(Duration.ofMillis(-1)).build());
        assertNames("maxPayload", () -> builder().maxPayload(1023).build());
        assertNames("maxPayload", () -> builder().maxPayload(Integer.MAX_VALUE).build());
        assertNames("compressAbove", () -> builder().compressAbove(-1).build());
        assertNames("maxPendingInvalidations", () -> builder().maxPendingInvalidations(0));
    }

    private static void assertNames(String setting, org.junit.jupiter.api.function.Executable bad) {
        String message = assertThrows(IllegalArgumentException.class, bad).getMessage();
        assertTrue(message.contains(setting), message);
    }

    private static CompletableFuture<Look> next(SharedSpace<String> waiter, Look.Held held) {
        return CompletableFuture.supplyAsync(() -> {
            try {
                return waiter.next("k", held, in(OFF), NOBODY);
            } catch (InterruptedException e) {
                throw new IllegalStateException(e);
            }
        });
    }
}
