package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
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
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundHandlerAdapter;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ForkJoinPool;
import java.util.concurrent.FutureTask;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Commands that arrive after they were given up, keys that the server lost, and very many of them. */
class LateAndLostIT {

    private static final Duration LONG = Duration.ofMinutes(1);
    /** Long before that. */
    private static final Duration SOONER = Duration.ofSeconds(20);

    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Watch NOBODY = vouch -> {};
    private static final byte[] PAYLOAD = "v".getBytes(StandardCharsets.UTF_8);
    private static final Pattern GETS = Pattern.compile("cmdstat_get:calls=(\\d+)");
    private static final Pattern SETS = Pattern.compile("cmdstat_set:calls=(\\d+)");
    private static final Pattern RENEWED = Pattern.compile("cmdstat_pexpire:calls=(\\d+)");

    private final List<AutoCloseable> opened = new ArrayList<>();
    private RedisServer redis;
    private TcpProxy proxy;

    @BeforeEach
    void start() {
        redis = Servers.need("Redis", RedisServer::startOwn);
        proxy = TcpProxy.to(redis.port());
    }

    @AfterEach
    void stop() {
        Closing.lastFirst(redis, proxy, () -> Closing.lastFirst(opened));
    }

    private SharedSpace<String> near() {
        return space(patient());
    }

    /** With a time-out that a busy machine keeps. */
    private RedisSharedStoreBuilder patient() {
        return RedisSharedStore.builder(redis.uri()).commandTimeout(Duration.ofSeconds(5));
    }

    /** Whose commands can be held on their way. */
    private SharedSpace<String> far() {
        return space(RedisSharedStore.builder("redis://127.0.0.1:" + proxy.port())
                .commandTimeout(Duration.ofMillis(200))
                .maxStaleness(Duration.ofMinutes(1)));
    }

    private SharedSpace<String> space(RedisSharedStoreBuilder builder) {
        RedisSharedStore store = builder.build();
        opened.add(store);
        SharedSpace<String> space = store.open("late", KeyCodec.string(), "utf8", key -> {});
        assertInstanceOf(Look.Nothing.class, space.look("it is connected", NOBODY));
        return space;
    }

    private static Claim claim(Duration lease) {
        return new Claim(Token.random(), lease, () -> {});
    }

    private static void publish(SharedSpace<String> space, String key) {
        Claim claim = claim(LEASE);
        assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, NOBODY));
        assertEquals(Published.PUBLISHED, space.publish(key, claim, PAYLOAD, LONG, NOBODY));
    }

    @Test
    void underAClaimThatArrivesAfterAnInvalidationNothingIsPublished() {
        SharedSpace<String> far = far();
        SharedSpace<String> near = near();
        Claim late = claim(LEASE);
        proxy.hold(TcpProxy.Direction.TO_SERVER);
        assertThrows(SharedStoreUnavailableException.class, () -> far.claim("k", late, null, NOBODY));
        far.release("k", late, null);
        assertEquals(Invalidation.CONFIRMED, near.invalidate("k"));
        long claims = number(SETS, commandStats());
        proxy.resume(TcpProxy.Direction.TO_SERVER);
        await().until(() -> number(SETS, commandStats()) > claims);
        assertEquals(Published.REJECTED, far.publish("k", late, PAYLOAD, LONG, NOBODY));
        // It is not renewed either.
        await().until(() -> near.look("k", NOBODY) instanceof Look.Nothing);
    }

    /** Nobody has it, and everybody would wait for it. */
    @Test
    void aClaimThatArrivesAfterItsTimeOutIsGoneAtOnceAgain() {
        SharedSpace<String> far = far();
        SharedSpace<String> near = near();
        Claim late = claim(LONG);
        proxy.hold(TcpProxy.Direction.TO_SERVER);
        assertThrows(SharedStoreUnavailableException.class, () -> far.claim("k", late, null, NOBODY));
        far.release("k", late, null);
        long claims = number(SETS, commandStats());
        proxy.resume(TcpProxy.Direction.TO_SERVER);
        await().until(() -> number(SETS, commandStats()) > claims);
        await().atMost(SOONER).until(() -> near.look("k", NOBODY) instanceof Look.Nothing);
    }

    @Test
    void aClaimWhoseRecordCannotBeSentSinceTheLinkDoesNotAnswerIsGivenBack() {
        SharedSpace<String> far = far();
        SharedSpace<String> near = near();
        Claim mine = claim(LONG);
        assertInstanceOf(Look.Granted.class, far.claim("k", mine, null, NOBODY));
        proxy.hold(TcpProxy.Direction.TO_SERVER);
        assertThrows(SharedStoreUnavailableException.class, () -> far.look("any", NOBODY));
        assertThrows(SharedStoreUnavailableException.class, () -> far.publish("k", mine, PAYLOAD, LONG, NOBODY));
        assertInstanceOf(Look.Held.class, near.look("k", NOBODY));
        proxy.resume(TcpProxy.Direction.TO_SERVER);
        await().atMost(SOONER).until(() -> near.look("k", NOBODY) instanceof Look.Nothing);
    }

    /** Each of the two answers is in time, and both together are not. */
    @Test
    @SuppressWarnings("NullAway") // as an Error would
    void aClaimWhoseRecordCannotBeWrittenIsGivenBack() {
        SharedSpace<String> space = near();
        Claim claim = claim(LONG);
        assertInstanceOf(Look.Granted.class, space.claim("k", claim, null, NOBODY));
        assertThrows(NullPointerException.class, () -> space.publish("k", claim, null, LONG, NOBODY));
        await().untilAsserted(() -> assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY)));
    }

    @Test
    void aLookAndTheClaimBehindItHaveATimeOutEach() {
        SharedSpace<String> far = space(RedisSharedStore.builder("redis://127.0.0.1:" + proxy.port())
                .commandTimeout(Duration.ofSeconds(2))
                .maxStaleness(Duration.ofMinutes(1)));
        Claim mine = claim(LONG);
        proxy.delay(Duration.ofMillis(650)); // each way
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            assertInstanceOf(Look.Granted.class, far.lookOrClaim("k", () -> mine, NOBODY));
            assertFalse(log.lines().stream().anyMatch(line -> line.contains("in time")), "nobody was silent");
        }
        proxy.delay(Duration.ZERO);
        assertEquals(Published.PUBLISHED, far.publish("k", mine, PAYLOAD, LONG, NOBODY));
    }

    /** Whose answer comes when nobody waits for it any more, or nobody may claim. */
    @Test
    void aLookThatIsAnsweredTooLateClaimsNothing() {
        SharedSpace<String> far = far();
        SharedSpace<String> near = near();
        AtomicInteger claims = new AtomicInteger();
        Supplier<Claim> counted = () -> {
            claims.incrementAndGet();
            return claim(LONG);
        };
        proxy.holdReplies(true);
        assertThrows(SharedStoreUnavailableException.class, () -> far.lookOrClaim("k", counted, NOBODY));
        proxy.holdReplies(false);
        await().until(() -> {
            try {
                return far.look("other", NOBODY) instanceof Look.Nothing;
            } catch (SharedStoreUnavailableException e) {
                return false;
            }
        });
        assertInstanceOf(Look.Nothing.class, near.look("k", NOBODY));
        assertEquals(0, claims.get());
    }

    /** It slept on a pool's worker, which nobody could replace: that look's answer claims nothing either. */
    @Test
    void aLookWhoseWaitEndsByAnErrorClaimsNothing() {
        SharedSpace<String> far = space(RedisSharedStore.builder("redis://127.0.0.1:" + proxy.port())
                .commandTimeout(LONG)
                .maxStaleness(Duration.ofMinutes(1)));
        SharedSpace<String> near = near();
        AtomicInteger claims = new AtomicInteger();
        AtomicInteger workers = new AtomicInteger();
        ForkJoinPool pool = new ForkJoinPool(
                1,
                from -> {
                    if (workers.getAndIncrement() > 0) {
                        throw new OutOfMemoryError("unable to create native thread, as if");
                    }
                    return ForkJoinPool.defaultForkJoinWorkerThreadFactory.newThread(from);
                },
                null,
                false);
        try {
            proxy.holdReplies(true);
            CompletableFuture<Look> looking = CompletableFuture.supplyAsync(
                    () -> far.lookOrClaim(
                            "k",
                            () -> {
                                claims.incrementAndGet();
                                return claim(LONG);
                            },
                            NOBODY),
                    pool);
            CompletionException failed = assertThrows(CompletionException.class, looking::join);
            assertInstanceOf(OutOfMemoryError.class, failed.getCause());
        } finally {
            proxy.holdReplies(false);
            pool.shutdownNow();
        }
        assertInstanceOf(Look.Nothing.class, far.look("other", NOBODY)); // answered after the first one
        assertInstanceOf(Look.Nothing.class, near.look("k", NOBODY));
        assertEquals(0, claims.get());
    }

    @Test
    void aLookThatIsAnsweredAfterTheClosingClaimsNothing() {
        SharedSpace<String> far = space(RedisSharedStore.builder("redis://127.0.0.1:" + proxy.port())
                .commandTimeout(Duration.ofSeconds(10))
                .maxStaleness(Duration.ofMinutes(1)));
        SharedSpace<String> near = near();
        AtomicInteger claims = new AtomicInteger();
        proxy.holdReplies(true);
        CompletableFuture<Look> looking = CompletableFuture.supplyAsync(() -> far.lookOrClaim(
                "k",
                () -> {
                    claims.incrementAndGet();
                    return claim(LONG);
                },
                NOBODY));
        await().until(() -> redis.command("INFO", "commandstats").toString().contains("cmdstat_get:calls=3"));
        far.close();
        proxy.holdReplies(false);
        assertInstanceOf(Look.Nothing.class, looking.join());
        assertInstanceOf(Look.Nothing.class, near.look("k", NOBODY));
        assertEquals(0, claims.get());
    }

    @Test
    void aDelThatArrivesLateIsStillDoneAndConfirmed() {
        SharedSpace<String> far = far();
        SharedSpace<String> near = near();
        publish(near, "k");
        proxy.hold(TcpProxy.Direction.TO_SERVER);
        assertEquals(Invalidation.PENDING, far.invalidate("k"));
        assertInstanceOf(Look.Present.class, near.look("k", NOBODY));
        proxy.resume(TcpProxy.Direction.TO_SERVER);
        await().until(() -> near.look("k", NOBODY) instanceof Look.Nothing);
        RedisSpace<String> real = (RedisSpace<String>) far;
        RedisSharedStore store = (RedisSharedStore) opened.get(0);
        await().until(() -> !store.invalidations().isPending(real.bare("k")));
    }

    /** A flush gives the cache another generation, and what is to be forgotten may stand under that one by now. */
    @Test
    void aDelUnderAGenerationThatIsNoMoreConfirmsNothing() {
        SharedSpace<String> far = far();
        SharedSpace<String> near = near();
        publish(near, "k");
        assertInstanceOf(Look.Present.class, far.look("k", NOBODY));
        proxy.holdReplies(true);
        redis.command("FLUSHALL");
        await().ignoreExceptions().untilAsserted(() -> publish(near, "k"));
        assertEquals(Invalidation.PENDING, far.invalidate("k"));
        proxy.holdReplies(false);
        await().ignoreExceptions().until(() -> far.look("k", NOBODY) instanceof Look.Nothing);
        assertInstanceOf(Look.Nothing.class, near.look("k", NOBODY));
    }

    @Test
    void aServerThatBecameAReplicaIsReadFromNoMore() {
        SharedSpace<String> space = near();
        publish(space, "k");
        redis.command("REPLICAOF", "127.0.0.1", "1");
        await().untilAsserted(() -> {
            var away = assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY));
            assertTrue(String.valueOf(away.getCause()).contains("is a replica"), () -> String.valueOf(away.getCause()));
        });
        redis.command("REPLICAOF", "NO", "ONE");
        await().ignoreExceptions().until(() -> space.look("k", NOBODY) instanceof Look.Present);
    }

    @Test
    void aPendingInvalidationIsSentOnceOverALinkThatIsOnlySlow() {
        SharedSpace<String> far = far();
        SharedSpace<String> near = near();
        proxy.hold(TcpProxy.Direction.TO_SERVER);
        assertEquals(Invalidation.PENDING, far.invalidate("k"));
        ((RedisSpace<String>) far).settle(null); // as whenever there is a chance that contact returned
        proxy.resume(TcpProxy.Direction.TO_SERVER);
        await().until(() -> commandStats().contains("cmdstat_del:"));
        publish(near, "k");
        await().ignoreExceptions().untilAsserted(() -> assertInstanceOf(Look.Present.class, far.look("k", NOBODY)));
        assertTrue(commandStats().contains("cmdstat_del:calls=1,"), "a second DEL would remove what was made since");
    }

    @Test
    void anInvalidationWhoseGenerationIsNotKnownYetIsSentOnce() {
        RedisSharedStore store = patient().build();
        opened.add(store);
        SharedSpace<String> space = store.open("late", KeyCodec.string(), "utf8", key -> {});
        assertEquals(Invalidation.CONFIRMED, space.invalidate("k"));
        assertTrue(commandStats().contains("cmdstat_del:calls=1,"), "a second DEL would remove what was made since");
    }

    @Test
    void withoutTrackingNothingIsKeptForLongerThanSinceTheGenerationWasAskedFor() {
        try (RedisServer deaf = Servers.need("Redis", () -> RedisServer.startOwn("--rename-command", "HELLO", ""));
                RedisSharedStore store = RedisSharedStore.builder(deaf.uri())
                        .commandTimeout(Duration.ofSeconds(5))
                        .maxStaleness(LEASE)
                        .build()) {
            SharedSpace<String> space = store.open("late", KeyCodec.string(), "utf8", key -> {});
            publish(space, "k");
            AtomicReference<Vouch> word = new AtomicReference<>();
            assertInstanceOf(Look.Present.class, space.look("k", word::set));
            long askedAt = ((RedisSpace<String>) space).generations().provenAt();
            assertTrue(word.get().servableUntil() <= askedAt + LEASE.toNanos());
            assertTrue(word.get().servableUntil() > TimeSource.system().nanoTime());
        }
    }

    @Test
    void aClosedCacheLeavesNothingBehindInTheStore() {
        RedisSharedStore store = patient().build();
        opened.add(store);
        for (int i = 0; i < 20; i++) {
            SharedSpace<String> space = store.open("cache" + i, KeyCodec.string(), "utf8", key -> {});
            publish(space, "k");
            assertInstanceOf(Look.Present.class, space.look("k", NOBODY));
            space.close();
        }
        assertEquals(0, store.links().get(0).tracking().words());
    }

    @Test
    void aCacheThatIsClosedDuringACreationLeavesNothingBehindEither() {
        RedisSharedStore store = patient().build();
        opened.add(store);
        SharedSpace<String> space = store.open("closing", KeyCodec.string(), "utf8", key -> {});
        Claim claim = claim(LEASE);
        assertInstanceOf(Look.Granted.class, space.claim("k", claim, null, NOBODY));
        space.close();
        assertEquals(Published.PUBLISHED, space.publish("k", claim, PAYLOAD, LONG, NOBODY));
        assertEquals(0, store.links().get(0).tracking().words());
    }

    /** A generation is learnt again where a slot moves or tracking was forgotten, and stays what it was. */
    @Test
    void whoSleepsOnAClaimSleepsOnWhenTheGenerationIsLearntAgain() throws Exception {
        SharedSpace<String> holder = near();
        SharedSpace<String> waiting = near();
        Claim claim = claim(LONG);
        assertInstanceOf(Look.Granted.class, holder.claim("k", claim, null, NOBODY));
        Look.Held held = assertInstanceOf(Look.Held.class, waiting.look("k", NOBODY));
        long until = TimeSource.system().nanoTime() + LONG.toNanos();
        FutureTask<Look> sleep = new FutureTask<>(() -> waiting.next("k", held, until, NOBODY));
        Thread sleeper = new Thread(sleep, "sleeper");
        sleeper.start();
        Generations generations = ((RedisSpace<String>) waiting).generations();
        for (int i = 0; i < 3; i++) {
            await().until(() -> sleeper.getState() == Thread.State.TIMED_WAITING || sleep.isDone());
            Generation before = generations.latest();
            redis.command("SET", "late:generation", String.valueOf(redis.command("GET", "late:generation")));
            await().until(() -> generations.latest() != null && generations.latest() != before);
        }
        assertEquals(Published.PUBLISHED, holder.publish("k", claim, PAYLOAD, LONG, NOBODY));
        assertInstanceOf(Look.Present.class, sleep.get(10, TimeUnit.SECONDS));
    }

    /** Told between the look and the lying down, while the generation is learnt again, which stays what it was. */
    @Test
    void aChangeThatIsToldWhileTheGenerationIsLearntAgainIsNotSleptOver() throws Exception {
        SharedSpace<String> holder = near();
        SharedSpace<String> waiting = space(RedisSharedStore.builder("redis://127.0.0.1:" + proxy.port())
                .commandTimeout(Duration.ofSeconds(20))
                .maxStaleness(LONG)
                .pollEvery(Duration.ofHours(1)));
        Claim claim = claim(LONG);
        assertInstanceOf(Look.Granted.class, holder.claim("k", claim, null, NOBODY));
        proxy.holdReplies(true);
        redis.command("SET", "late:generation", String.valueOf(redis.command("GET", "late:generation")));
        long gets = number(GETS, commandStats());
        FutureTask<Look> wait = new FutureTask<>(() -> {
            Look.Held held = assertInstanceOf(Look.Held.class, waiting.look("k", NOBODY));
            return waiting.next("k", held, TimeSource.system().nanoTime() + LONG.toNanos(), NOBODY);
        });
        new Thread(wait, "sleeper").start();
        await().until(() -> number(GETS, commandStats()) > gets);
        await().ignoreExceptions()
                .until(() -> holder.publish("k", claim, PAYLOAD, LONG, NOBODY) == Published.PUBLISHED);
        proxy.holdReplies(false);
        assertInstanceOf(Look.Present.class, wait.get(10, TimeUnit.SECONDS));
    }

    /** What is found where the claim was may be anything, also what has to be made readable first. */
    @Test
    void whoSleptWhileTheGenerationWasLearntAgainReadsWhatWasCompressed() throws Exception {
        SharedSpace<String> holder = space(patient().compressAbove(100));
        SharedSpace<String> waiting = space(RedisSharedStore.builder("redis://127.0.0.1:" + proxy.port())
                .commandTimeout(Duration.ofSeconds(20))
                .maxStaleness(LONG));
        byte[] payload = "v".repeat(1000).getBytes(StandardCharsets.UTF_8);
        Claim claim = claim(LONG);
        assertInstanceOf(Look.Granted.class, holder.claim("k", claim, null, NOBODY));
        Look.Held held = assertInstanceOf(Look.Held.class, waiting.look("k", NOBODY));
        long until = TimeSource.system().nanoTime() + LONG.toNanos();
        FutureTask<Look> sleep = new FutureTask<>(() -> waiting.next("k", held, until, NOBODY));
        Thread sleeper = new Thread(sleep, "sleeper");
        sleeper.start();
        await().until(() -> sleeper.getState() == Thread.State.TIMED_WAITING);
        proxy.hold(TcpProxy.Direction.TO_CLIENT); // it is not told of the record
        assertEquals(Published.PUBLISHED, holder.publish("k", claim, payload, LONG, NOBODY));
        ((RedisSpace<String>) waiting).generations().forget();
        proxy.resume(TcpProxy.Direction.TO_CLIENT);
        Look.Present found = assertInstanceOf(Look.Present.class, sleep.get(10, TimeUnit.SECONDS));
        assertEquals(ByteBuffer.wrap(payload), found.payload());
    }

    @Test
    void aGenerationThatWasEvictedIsReplacedByANewOneAndNothingComesBack() {
        SharedSpace<String> one = near();
        SharedSpace<String> two = near();
        publish(one, "k");
        String before = String.valueOf(redis.command("GET", "late:generation"));
        redis.command("DEL", "late:generation");
        await().until(() -> one.look("k", NOBODY) instanceof Look.Nothing);
        await().until(() -> two.look("k", NOBODY) instanceof Look.Nothing);
        assertNotEquals(before, String.valueOf(redis.command("GET", "late:generation")));
        publish(one, "k");
        assertInstanceOf(Look.Present.class, two.look("k", NOBODY));
    }

    @Test
    void aGenerationThatIsNoneIsReplaced() {
        redis.command("RPUSH", "late:generation", "x");
        SharedSpace<String> one = near();
        redis.command("SET", "late:generation", "not a stamp at all");
        SharedSpace<String> two = near();
        await().untilAsserted(() -> {
            one.invalidate("k");
            publish(one, "k");
            assertInstanceOf(Look.Present.class, two.look("k", NOBODY));
        });
    }

    @Test
    void aWholeCacheOfAMillionKeysIsInvalidatedByThreeCommands() {
        SharedSpace<String> space = near();
        publish(space, "k");
        String stamp = String.valueOf(redis.command("GET", "late:generation"));
        fill("late:" + stamp + ":", 1_000_000);
        redis.command("CONFIG", "RESETSTAT");
        assertEquals(Invalidation.CONFIRMED, space.invalidateAll());
        assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
        String stats = commandStats();
        assertTrue(stats.contains("cmdstat_set:calls=1,"), stats);
        assertFalse(stats.contains("cmdstat_del:"), stats);
        assertFalse(stats.contains("cmdstat_scan:"), stats);
    }

    @Test
    void theEndOfADeadHoldersClaimIsNoticedAtItsLeasesEndAmongVeryManyOtherKeys() throws Exception {
        fill("x", 200_000);
        SharedSpace<String> waiter = space(patient().pollEvery(Duration.ofHours(1)));
        RedisSharedStore dying = patient().build();
        SharedSpace<String> holder = dying.open("late", KeyCodec.string(), "utf8", key -> {});
        assertInstanceOf(Look.Granted.class, holder.claim("k", claim(LEASE), null, NOBODY));
        Look.Held held = assertInstanceOf(Look.Held.class, waiter.look("k", NOBODY));
        dying.close();
        long from = TimeSource.system().nanoTime();
        Look then = waiter.next("k", held, from + LONG.toNanos(), NOBODY);
        long waited = TimeSource.system().nanoTime() - from;
        assertInstanceOf(Look.Nothing.class, then);
        // The lease, and some seconds for a busy machine; Redis's own push takes minutes here.
        assertTrue(waited < LEASE.plusSeconds(5).toNanos(), "waited for " + Duration.ofNanos(waited));
    }

    @Test
    void aThousandClaimsAreRenewedInAFewFlushes() {
        AtomicInteger flushes = new AtomicInteger();
        ClientResources resources = DefaultClientResources.builder()
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterChannelInitialized(Channel channel) {
                        channel.pipeline().addFirst(new ChannelOutboundHandlerAdapter() {
                            @Override
                            public void flush(ChannelHandlerContext context) throws Exception {
                                flushes.incrementAndGet();
                                super.flush(context);
                            }
                        });
                    }
                })
                .build();
        RedisClient client = RedisClient.create(resources);
        opened.add(() -> {
            client.shutdown(0, 1, TimeUnit.SECONDS);
            resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        });
        SharedSpace<String> space = space(
                RedisSharedStore.builder(client, RedisURI.create(redis.uri())).commandTimeout(Duration.ofSeconds(5)));
        Duration lease = Duration.ofSeconds(9); // so that all are asked for within the first third
        IntStream.range(0, 1_000)
                .forEach(i -> assertInstanceOf(Look.Granted.class, space.claim("k" + i, claim(lease), null, NOBODY)));
        redis.command("CONFIG", "RESETSTAT");
        flushes.set(0);
        await().atMost(Duration.ofSeconds(20)).until(() -> number(RENEWED, commandStats()) >= 1_000);
        // What is due within the same quarter of a third goes together; PINGs and the generation's reads are counted
        // too.
        assertTrue(flushes.get() < 100, flushes + " flushes for 1000 renewals");
    }

    @Test
    void aChangeOfALongKeyIsToldOrEndsWhatIsVouchedFor() {
        RedisSharedStore store = patient().build();
        opened.add(store);
        Set<String> told = ConcurrentHashMap.newKeySet();
        SharedSpace<String> reader = store.open("late", KeyCodec.string(), "utf8", told::add);
        SharedSpace<String> writer = near();
        String key = "a rather long key \u00e4".repeat(50_000);
        publish(writer, key);
        AtomicReference<Vouch> word = new AtomicReference<>();
        assertInstanceOf(Look.Present.class, reader.look(key, word::set));
        assertEquals(Invalidation.CONFIRMED, writer.invalidate(key));
        await().until(() -> told.contains(key));
        publish(writer, key);
        assertInstanceOf(Look.Present.class, reader.look(key, word::set));
        told.clear();
        // So many others that this one is forgotten; each of them is only asked for.
        IntStream.range(0, 10_001).forEach(i -> ((RedisSpace<String>) reader).bare("y".repeat(300) + i));
        assertEquals(Invalidation.CONFIRMED, writer.invalidate(key));
        await().until(() -> word.get().servableUntil() < TimeSource.system().nanoTime());
        assertFalse(told.contains(key));
    }

    /** So many keys with a time to live, in steps that a busy machine can take. */
    private void fill(String prefix, int keys) {
        for (int from = 0; from < keys; from += 10_000) {
            redis.command(
                    "EVAL",
                    "for i = 1, 10000 do redis.call('SET', KEYS[1] .. (ARGV[1] + i), 'GC', 'PX', 3600000) end",
                    "1",
                    prefix,
                    Integer.toString(from));
        }
        assertTrue((Long) redis.command("DBSIZE") >= keys);
    }

    private String commandStats() {
        return String.valueOf(redis.command("INFO", "commandstats"));
    }

    private static long number(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
