package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.WaitTimeoutException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Nobody waits for ever: each bound, to the millisecond, on a clock of the test's own. */
@Timeout(120) // virtual time stands still where a test fails to move it
class TimeLimitsTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration MAX_CREATION = Duration.ofSeconds(10);
    private static final Duration WAIT = Duration.ofSeconds(15);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final InMemorySharedStore elsewhere = new InMemorySharedStore(redis);
    private final ForeignProcess foreign = new ForeignProcess(elsewhere, "limits");
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final List<GetOrCreateCache<?, ?>> open = new ArrayList<>();

    TimeLimitsTest() {
        store.polling(false);
    }

    @AfterEach
    @Timeout(10) // after a failure, callers may still wait for a time that does not come
    void close() {
        open.forEach(GetOrCreateCache::close);
    }

    private GetOrCreateCache<String, String> cache(Combination tiers) {
        GetOrCreateCache<String, String> cache =
                tiers.builder("limits", store, table).timeSource(time).build();
        open.add(cache);
        return cache;
    }

    /** Without a shared store a creator may take longer than others wait. */
    private GetOrCreateCache<String, String> patient(Combination tiers) {
        GetOrCreateCache<String, String> cache = tiers.builder("limits", store, table)
                .maxCreationTime(Duration.ofHours(1))
                .timeSource(time)
                .build();
        open.add(cache);
        return cache;
    }

    private static Caller<Outcome<String>> heldLeader(GetOrCreateCache<String, String> cache, Gate gate) {
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "slow";
        }));
        gate.awaitArrival();
        return leader;
    }

    @ParameterizedTest
    @EnumSource
    void anOverdueCreatorIsLeftAloneAndItsJoinersResolveThroughANewFlight(Combination tiers) {
        var cache = cache(tiers);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(cache, gate);
        Caller<Outcome<String>> one = Caller.start(() -> cache.obtain("k", key -> "fast"));
        Caller<Outcome<String>> two = Caller.start(() -> cache.obtain("k", key -> "fast"));
        Passing.asleep(time, 2);
        Passing.by(time, MAX_CREATION.minus(MILLI), 2);
        Passing.asleep(time, 2);
        assertEquals(0, cache.stats().overdue());
        time.advance(MILLI);

        assertEquals("fast", one.answer().value());
        assertEquals("fast", two.answer().value());
        assertEquals(1, cache.stats().overdue());
        assertFalse(leader.isDone(), "the leader stays with its creator");
        assertEquals("fast", cache.getOrCreate("k", key -> "never"));
        gate.open();
        Outcome<String> late = leader.answer();
        assertEquals(
                tiers.arbiter
                        ? new Outcome<>("fast", Source.ADOPTED)
                        : tiers.shared ? new Outcome<>("fast", Source.SHARED) : new Outcome<>("slow", Source.CREATED),
                late);
        assertEquals("fast", cache.getOrCreate("k", key -> "never"), "and what was late is kept nowhere");
        if (tiers.shared) {
            assertEquals("fast", foreign.record("k"));
        }
    }

    @Test
    void anOverdueCreatorsClaimIsLetGoAtOnce() {
        var cache = cache(Combination.ALL);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(cache, gate);
        assertInstanceOf(Look.Held.class, foreign.look("k"));
        Passing.by(time, MAX_CREATION, 0);
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
        gate.open();
        assertEquals(Source.CREATED, leader.answer().source());
        assertEquals("nothing", foreign.record("k"), "what is created without a claim is not published");
    }

    @Test
    void aLivingCreatorsClaimIsRenewedForAsLongAsItMayTake() {
        var cache = cache(Combination.ALL);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(cache, gate);
        Passing.by(time, MAX_CREATION.minus(MILLI), 0);
        assertInstanceOf(Look.Held.class, foreign.look("k"));
        gate.open();
        assertEquals(Source.CREATED, leader.answer().source());
        assertEquals("slow", foreign.record("k"));
        assertEquals(0, cache.stats().claimsLost());
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED_ARBITER", "ALL"})
    void whoWaitedForAnotherProcessForTooLongAsksTheArbiter(Combination tiers) {
        var cache = cache(tiers);
        foreign.claim("k");
        Caller<Outcome<String>> first = Caller.start(() -> cache.obtain("k", key -> "mine"));
        Passing.asleep(time, 1);
        Passing.by(time, WAIT.minus(MILLI), 1);
        Passing.asleep(time, 1);
        assertEquals(0, table.finds());
        time.advance(MILLI);
        assertEquals(new Outcome<>("mine", Source.CREATED), first.answer());
        assertEquals("nothing", foreign.record("k"), "it had no claim, so it published nothing");
        assertEquals(Source.FOUND, obtainAfterWaiting(cache).source(), "and kept nothing");
    }

    private Outcome<String> obtainAfterWaiting(GetOrCreateCache<String, String> cache) {
        Caller<Outcome<String>> caller = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 1);
        Passing.by(time, WAIT, 1);
        return caller.answer();
    }

    @Test
    void withoutAnArbiterAWaiterFailsWhenItsTimeIsOverAndItsJoinersWaitOnForTheirs() {
        var cache = cache(Combination.LOCAL_SHARED);
        foreign.claim("k");
        Caller<Outcome<String>> first = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 1);
        Passing.by(time, Duration.ofSeconds(5), 1);
        Passing.asleep(time, 1);
        Caller<Outcome<String>> second = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 2);
        Passing.by(time, Duration.ofSeconds(10).minus(MILLI), 2);
        Passing.asleep(time, 2);
        time.advance(MILLI);
        String message = String.valueOf(first.error(WaitTimeoutException.class).getMessage());
        assertTrue(message.contains("PT15S") && message.contains("no arbiter"), message);
        assertTrue(message.contains("cache '" + cache.name() + "'") && message.contains("raise waitTimeout"), message);
        Passing.asleep(time, 1);
        Passing.by(time, Duration.ofSeconds(5).minus(MILLI), 1);
        Passing.asleep(time, 1);
        assertFalse(second.isDone(), "the second came five seconds later");
        time.advance(MILLI);
        second.error(WaitTimeoutException.class);
        assertEquals(0, cache.stats().creatorRuns());
    }

    @Test
    void aJoinerOfThisProcessGoesOnToTheArbiterWhenItsTimeIsOver() {
        var cache = patient(Combination.LOCAL_ARBITER);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(cache, gate);
        time.advance(Duration.ofSeconds(3));
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "mine"));
        CompletableFuture<Outcome<String>> async = cache.obtainAsync("k", key -> "mine");
        Passing.asleep(time, 1);
        Passing.by(time, WAIT.minus(MILLI), 1);
        Passing.asleep(time, 1);
        assertFalse(async.isDone());
        time.advance(MILLI);
        assertEquals("mine", joiner.answer().value());
        assertEquals("mine", async.orTimeout(20, TimeUnit.SECONDS).join().value());
        gate.open();
        assertEquals(new Outcome<>("mine", Source.ADOPTED), leader.answer());
    }

    @Test
    void joinersWhoseTimeIsOverCreateAtMostMaxDirectAtATime() {
        var cache = Combination.LOCAL_ARBITER
                .builder("limits", store, table)
                .maxCreationTime(Duration.ofHours(1))
                .maxDirect(2)
                .timeSource(time)
                .build();
        open.add(cache);
        Gate leading = new Gate();
        Caller<String> leader = Caller.start(() -> cache.getOrCreate("k", key -> {
            leading.pass();
            return "late";
        }));
        leading.awaitArrival();
        Gate creating = new Gate();
        AtomicInteger creators = new AtomicInteger();
        List<Caller<String>> joiners = new ArrayList<>();
        for (int i = 0; i < 8; i++) {
            joiners.add(Caller.start(() -> cache.getOrCreate("k", key -> {
                creators.incrementAndGet();
                creating.pass();
                return "v";
            })));
        }
        Passing.asleep(time, 8);
        time.advance(WAIT);
        Passing.asleep(time, 6); // two create
        creating.open();
        joiners.forEach(joiner -> assertEquals("v", joiner.answer()));
        assertTrue(creators.get() <= 2, creators::toString);
        leading.open();
        assertEquals("v", leader.answer());
    }

    @Test
    void withoutAnArbiterAJoinerFailsWhenItsTimeIsOverAndTheLeaderIsNotDisturbed() {
        var cache = patient(Combination.LOCAL);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(cache, gate);
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "never"));
        CompletableFuture<Outcome<String>> async = cache.obtainAsync("k", key -> "never");
        Passing.asleep(time, 1);
        time.advance(WAIT);
        joiner.error(WaitTimeoutException.class);
        assertInstanceOf(
                WaitTimeoutException.class,
                assertThrows(ExecutionException.class, () -> async.get(20, TimeUnit.SECONDS))
                        .getCause());
        gate.open();
        assertEquals(new Outcome<>("slow", Source.CREATED), leader.answer());
        assertEquals(new Outcome<>("slow", Source.LOCAL), cache.obtain("k", key -> "never"));
    }

    @Test
    void nestedCallsShareOneWaitTimeout() {
        var outer = patient(Combination.LOCAL);
        var inner = cache(Combination.SHARED);
        foreign.claim("k");
        Gate gate = new Gate();
        Caller<String> caller = Caller.start(() -> outer.getOrCreate("o", o -> {
            gate.pass();
            return inner.getOrCreate("k", key -> "never");
        }));
        gate.awaitArrival();
        time.advance(Duration.ofSeconds(5));
        gate.open();
        Passing.asleep(time, 1);
        Passing.by(time, Duration.ofSeconds(10).minus(MILLI), 1);
        Passing.asleep(time, 1);
        time.advance(MILLI);
        caller.error(WaitTimeoutException.class);
    }

    @Test
    void aDeadHolderIsReplacedWhenItsLeaseEnds() {
        var cache = cache(Combination.ALL);
        foreign.claim("k");
        elsewhere.close(); // dies: nothing is released or renewed
        Caller<Outcome<String>> caller = Caller.start(() -> cache.obtain("k", key -> "mine"));
        Passing.asleep(time, 1);
        Passing.by(time, LEASE.minus(MILLI), 1);
        Passing.asleep(time, 1);
        assertFalse(caller.isDone());
        time.advance(MILLI.multipliedBy(2));
        assertEquals(new Outcome<>("mine", Source.CREATED), caller.answer());
    }

    @Test
    void aHolderThatReleasesIsReplacedAtOnceAndOneThatPublishesIsBelieved() {
        var cache = cache(Combination.SHARED);
        Claim released = foreign.claim("k");
        Caller<Outcome<String>> first = Caller.start(() -> cache.obtain("k", key -> "mine"));
        Passing.asleep(time, 1);
        foreign.release("k", released);
        assertEquals(new Outcome<>("mine", Source.CREATED), first.answer());

        Claim published = foreign.claim("k2");
        Caller<Outcome<String>> second = Caller.start(() -> cache.obtain("k2", key -> "never"));
        Passing.asleep(time, 1);
        foreign.publish("k2", published, "theirs");
        assertEquals(new Outcome<>("theirs", Source.WAITED), second.answer());
        assertEquals(0, cache.stats().pollsThatFound());
    }

    @Test
    void aFindThatHangsInTheArbiterHoldsNobodyUp() {
        var cache = cache(Combination.ALL);
        Gate gate = new Gate();
        table.beforeFind(key -> gate.passWhateverHappens());
        Caller<Optional<String>> finder = Caller.start(() -> cache.find("k"));
        gate.awaitArrival();
        table.beforeFind(key -> {});
        Caller<Outcome<String>> caller = Caller.start(() -> cache.obtain("k", key -> "mine"));
        assertEquals(new Outcome<>("mine", Source.CREATED), caller.answer());
        gate.open();
        assertEquals(Optional.of("mine"), finder.answer());
    }
}
