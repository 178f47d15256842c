package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CreationFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.InMemoryArbiter;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Claims that are taken away while their creator runs, on a real Redis. */
class LostClaimsIT {

    private static final Duration SHORT = Duration.ofMillis(300);

    private static RealRedis redis;

    private final WatchedTime time = new WatchedTime();
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final List<GetOrCreateCache<?, ?>> open = new ArrayList<>();

    @BeforeAll
    static void start() {
        redis = new RealRedis();
    }

    @AfterAll
    static void stop() {
        redis.close();
    }

    @BeforeEach
    void flush() {
        redis.server.command("FLUSHALL");
    }

    @AfterEach
    void close() {
        open.forEach(GetOrCreateCache::close);
    }

    private GetOrCreateCache<String, String> here(Combination tiers) {
        return opened(tiers.builder("claims", redis.one, table).timeSource(time).build());
    }

    private GetOrCreateCache<String, String> there(Combination tiers) {
        return opened(tiers.builder("claims", redis.two, table).build());
    }

    private GetOrCreateCache<String, String> opened(GetOrCreateCache<String, String> cache) {
        open.add(cache);
        return cache;
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED_ARBITER", "ALL"})
    void withAnArbiterTheRecordAnswersAndIsCachedNowhere(Combination tiers) {
        var cache = here(tiers);
        Outcome<String> answer = cache.obtain("k", key -> {
            redis.delete("claims", "k");
            return "v";
        });
        assertEquals(new Outcome<>("v", Source.CREATED), answer);
        assertFalse(redis.stands("claims", "k"));
        assertEquals(0, cache.stats().localSize());
        assertEquals(1, cache.stats().publishesRejected());
        assertEquals(new Outcome<>("v", Source.FOUND), cache.obtain("k", key -> "never"));
        assertEquals(1, table.inserts());
    }

    @Test
    void withAnArbiterJoinersGetTheRecordTooAndIfAnotherWasFasterTheirs() {
        var cache = here(Combination.ALL);
        var other = there(Combination.ALL);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "slow";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "never"));
        time.awaitWaiting(1);
        redis.delete("claims", "k");
        assertEquals(new Outcome<>("fast", Source.CREATED), other.obtain("k", key -> "fast"));
        gate.open();
        assertEquals(new Outcome<>("fast", Source.ADOPTED), leader.answer());
        assertEquals(new Outcome<>("fast", Source.WAITED), joiner.answer());
        assertEquals("fast", other.getOrCreate("k", key -> "never"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "LOCAL_SHARED"})
    void withoutAnArbiterWhatAnotherPublishedMeanwhileIsTaken(Combination tiers) {
        var cache = here(tiers);
        var other = there(tiers);
        Outcome<String> answer = cache.obtain("k", key -> {
            redis.delete("claims", "k");
            assertEquals("theirs", other.getOrCreate("k", k -> "theirs"));
            return "mine";
        });
        assertEquals(new Outcome<>("theirs", Source.SHARED), answer);
        assertEquals("theirs", cache.getOrCreate("k", key -> "never"));
        assertEquals("theirs", other.getOrCreate("k", key -> "never"));
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "LOCAL_SHARED"})
    void withoutAnArbiterTheCreatorRunsAgainWhereNothingStands(Combination tiers) {
        var cache = here(tiers);
        AtomicInteger runs = new AtomicInteger();
        Outcome<String> answer = cache.obtain("k", key -> {
            if (runs.incrementAndGet() < 3) {
                redis.delete("claims", "k");
            }
            return "v" + runs.get();
        });
        assertEquals(new Outcome<>("v3", Source.CREATED), answer);
        assertEquals(2, cache.stats().publishesRejected());
        assertEquals(tiers.again(), cache.obtain("k", key -> "never").source());
    }

    @Test
    void withoutAnArbiterAClaimThatIsAlwaysLostFailsAfterThreeRuns() {
        var cache = here(Combination.LOCAL_SHARED);
        AtomicInteger runs = new AtomicInteger();
        CreationFailedException e = assertThrows(
                CreationFailedException.class,
                () -> cache.obtain("k", key -> {
                    redis.delete("claims", "k");
                    return "v" + runs.incrementAndGet();
                }));
        assertEquals(3, runs.get());
        assertTrue(String.valueOf(e.getMessage()).contains("lost 3 times"), e.getMessage());
        assertEquals("v", cache.getOrCreate("k", key -> "v"), "and nothing is left behind");
    }

    @Test
    void whatAForeignWriterPutOverTheClaimIsNotOverwrittenByThePublish() {
        var cache = here(Combination.ALL);
        cache.obtain("k", key -> {
            redis.overwrite("claims", "k", "garbage");
            return "v";
        });
        assertEquals("garbage", redis.server.command("GET", redis.raw("claims", "k")));
        assertEquals(1, cache.stats().publishesRejected());
    }

    @Test
    void aRefusedRenewalUnlinksTheFlightSoThatWhoComesLaterStartsANewOne() {
        var cache = opened(Combination.ALL
                .builder("claims", redis.one, table)
                .lease(SHORT)
                .maxCreationTime(Duration.ofMinutes(1)) // who waited until it is overdue would be noticed
                .waitTimeout(Duration.ofMinutes(2))
                .timeSource(time)
                .build());
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "slow";
        }));
        gate.awaitArrival();
        redis.delete("claims", "k");
        Awaitility.await().until(() -> cache.stats().claimsLost() == 1);
        assertEquals(new Outcome<>("fast", Source.CREATED), cache.obtain("k", key -> "fast"));
        assertFalse(leader.isDone());
        gate.open();
        assertEquals(new Outcome<>("fast", Source.ADOPTED), leader.answer());
        assertEquals(1, cache.stats().claimsLost(), "it is counted once");
        assertEquals(new Outcome<>("fast", Source.LOCAL), cache.obtain("k", key -> "never"));
    }

    @Test
    void aFailingCreatorReleasesItsClaimSoThatAnotherProcessClaimsAtOnce() {
        var cache = opened(Combination.LOCAL_SHARED
                .builder("claims", redis.one, table)
                .failureHold(Duration.ZERO) // or who waited for it would fail with it
                .build());
        var other = opened(Combination.LOCAL_SHARED
                .builder("claims", redis.two, table)
                .lease(Duration.ofMinutes(1)) // who waited for a lease would be noticed
                .waitTimeout(Duration.ofMinutes(2))
                .build());
        Gate gate = new Gate();
        Caller<Outcome<String>> failing = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            throw new IllegalStateException("mine");
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> waiter = Caller.start(() -> other.obtain("k", key -> "theirs"));
        assertFalse(waiter.isDone());
        gate.open();
        failing.error(IllegalStateException.class);
        assertEquals(new Outcome<>("theirs", Source.CREATED), waiter.answer());
        assertEquals(new Outcome<>("theirs", Source.SHARED), cache.obtain("k", key -> "never"));
    }

    @Test
    void anInterruptedLeaderAndAnErrorReleaseTheirClaimsToo() {
        var cache = here(Combination.SHARED);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "never";
        }));
        gate.awaitArrival();
        assertTrue(redis.stands("claims", "k"));
        leader.interrupt();
        leader.error(dev.getorcreate.WaitInterruptedException.class);
        redis.awaitGone("claims", "k");
        assertThrows(
                AssertionError.class,
                () -> cache.getOrCreate("k", key -> {
                    throw new AssertionError("mine");
                }));
        redis.awaitGone("claims", "k");
    }

    @Test
    void aFlushOfTheWholeServerInMidCreationCostsNoSecondRow() {
        var cache = here(Combination.ALL);
        var other = there(Combination.ALL);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "slow";
        }));
        gate.awaitArrival();
        redis.server.command("FLUSHALL");
        assertEquals("fast", other.getOrCreate("k", key -> "fast"));
        gate.open();
        assertEquals(new Outcome<>("fast", Source.ADOPTED), leader.answer());
        assertEquals(1, table.rows().size());
    }
}
