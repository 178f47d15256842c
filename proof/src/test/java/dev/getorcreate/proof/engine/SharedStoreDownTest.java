package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.Source;
import dev.getorcreate.WaitTimeoutException;
import dev.getorcreate.WhenSharedDown;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Look;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import dev.getorcreate.testkit.WireFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.IntStream;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shared store is away, and there is an arbiter: callers are served, and the arbiter is not overrun. */
@Timeout(120) // virtual time stands still where a test fails to move it
class SharedStoreDownTest {

    private static final Duration MILLI = Duration.ofMillis(1);
    private static final Duration MAX_STALENESS = Duration.ofSeconds(2);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "down");
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final List<GetOrCreateCache<?, ?>> open = new ArrayList<>();

    @AfterEach
    @Timeout(10) // after a failure, callers may still wait for a time that does not come
    void close() {
        open.forEach(GetOrCreateCache::close);
    }

    private GetOrCreateCache<String, String> opened(CacheBuilder<String, String> builder) {
        GetOrCreateCache<String, String> cache = builder.timeSource(time).build();
        open.add(cache);
        return cache;
    }

    private GetOrCreateCache<String, String> cache(Combination tiers) {
        return opened(tiers.builder("down", store, table));
    }

    private void away() {
        store.faults().unreachable(true);
    }

    private void back() {
        store.faults().unreachable(false);
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED_ARBITER", "ALL"})
    void callersAreServedByTheArbiter(Combination tiers) {
        var cache = cache(tiers);
        table.put("old", "row");
        away();
        assertEquals(new Outcome<>("row", Source.FOUND), cache.obtain("old", key -> "never"));
        assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        assertEquals("v", cache.getOrCreate("k", key -> "never"));
        assertEquals("v", table.rows().get("k"));
        assertTrue(cache.stats().sharedStoreErrors() >= 2);
        back();
        assertEquals("nothing", foreign.record("k"), "nothing is published that was made without a claim");
    }

    @Test
    void whatWasFoundMeanwhileIsKeptForMaxStalenessCountedFromBeforeItWasAskedFor() {
        var cache = cache(Combination.ALL);
        away();
        table.put("k", "row");
        table.beforeFind(key -> time.advance(Duration.ofMillis(500)));
        assertEquals(Source.FOUND, cache.obtain("k", key -> "never").source());
        time.advance(Duration.ofMillis(1_500).minus(MILLI));
        assertEquals(Source.LOCAL, cache.obtain("k", key -> "never").source());
        time.advance(MILLI);
        assertEquals(Source.FOUND, cache.obtain("k", key -> "never").source());
    }

    @Test
    void aFindKeepsWhatTheArbiterHasForNoLongerEither() {
        var cache = cache(Combination.ALL);
        away();
        table.put("k", "row");
        assertEquals(Optional.of("row"), cache.find("k"));
        time.advance(MAX_STALENESS.minus(MILLI));
        cache.find("k");
        assertEquals(1, table.finds());
        time.advance(MILLI);
        cache.find("k");
        assertEquals(2, table.finds());
    }

    @Test
    void aLocalTierThatKeepsForLessKeepsForLess() {
        var cache = opened(Combination.ALL
                .builder("down", store, table)
                .local(CaffeineLocal.defaults().expireAfterWrite(Duration.ofSeconds(1))));
        away();
        cache.getOrCreate("k", key -> "v");
        time.advance(Duration.ofSeconds(1).minus(MILLI));
        assertEquals(Source.LOCAL, cache.obtain("k", key -> "never").source());
        time.advance(MILLI);
        assertEquals(Source.FOUND, cache.obtain("k", key -> "never").source());
    }

    @Test
    void neverMoreThanMaxDirectCallersAreAtTheArbiter() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(3));
        away();
        Gate gate = new Gate();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        table.beforeFind(key -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            gate.passWhateverHappens();
            inside.decrementAndGet();
        });
        List<Caller<String>> callers = new ArrayList<>();
        for (int i = 0; i < 40; i++) {
            String key = "k" + i;
            callers.add(Caller.start(() -> cache.getOrCreate(key, k -> k)));
        }
        Passing.asleep(time, 37);
        Awaitility.await().until(() -> inside.get() == 3);
        gate.open();
        for (int i = 0; i < 40; i++) {
            assertEquals("k" + i, callers.get(i).answer());
        }
        assertEquals(3, most.get());
        assertEquals(40, table.rows().size());
    }

    private List<Caller<Optional<String>>> finding(GetOrCreateCache<String, String> cache, int callers, int keys) {
        IntStream.range(0, keys).forEach(key -> table.put("k" + key, "row"));
        return IntStream.range(0, callers)
                .mapToObj(i -> Caller.start(() -> cache.find("k" + i % keys)))
                .toList();
    }

    @Test
    void whoeverOnlyFindsTakesAPlaceToo() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(2));
        away();
        Gate gate = new Gate();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        table.beforeFind(key -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            gate.passWhateverHappens();
            inside.decrementAndGet();
        });
        List<Caller<Optional<String>>> callers = finding(cache, 10, 5);
        Passing.asleep(time, 8);
        Awaitility.await().until(() -> inside.get() == 2);
        gate.open();
        callers.forEach(caller -> assertEquals(Optional.of("row"), caller.answer()));
        assertEquals(2, most.get());
    }

    @Test
    void whoeverWaitedForAPlaceTakesWhatWasFoundMeanwhile() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(1));
        away();
        Gate gate = new Gate();
        table.beforeFind(key -> gate.passWhateverHappens());
        List<Caller<Optional<String>>> callers = new ArrayList<>(finding(cache, 1, 1));
        gate.awaitArrival(); // the one whose flight it is, for only that keeps what it finds
        callers.addAll(finding(cache, 4, 1));
        Passing.asleep(time, 4);
        gate.open();
        callers.forEach(caller -> assertEquals(Optional.of("row"), caller.answer()));
        assertEquals(1, table.finds());
    }

    /** The other one waits for the very place, and it for the other one. */
    @Test
    void aFindWhoseArbiterWaitsForAnotherKeyLendsItsPlace() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(1));
        away();
        Gate gate = new Gate();
        table.put("a", "row");
        table.beforeFind(key -> {
            if (key.equals("a")) {
                gate.passWhateverHappens();
                assertEquals("b", cache.getOrCreate("b", any -> "never"));
            }
        });
        Caller<Optional<String>> finding = Caller.start(() -> cache.find("a"));
        gate.awaitArrival();
        Caller<String> creating = Caller.start(() -> cache.getOrCreate("b", key -> "b"));
        Passing.asleep(time, 1);
        gate.open();
        assertEquals("b", creating.answer());
        assertEquals(Optional.of("row"), finding.answer());
    }

    @Test
    void theWaitForAPlaceEndsWithWaitTimeoutAndNamesTheKnob() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(1));
        away();
        Gate gate = new Gate();
        table.beforeFind(key -> gate.passWhateverHappens());
        Caller<String> inside = Caller.start(() -> cache.getOrCreate("a", key -> "a"));
        gate.awaitArrival();
        Caller<String> outside = Caller.start(() -> cache.getOrCreate("b", key -> "b"));
        Passing.asleep(time, 1);
        time.advance(Duration.ofSeconds(15).minus(MILLI));
        assertFalse(outside.isDone());
        time.advance(MILLI);
        String message =
                String.valueOf(outside.error(WaitTimeoutException.class).getMessage());
        assertTrue(message.contains("cache 'down'") && message.contains("maxDirect"), message);
        assertTrue(message.contains("PT15S") && message.contains("is the database slow"), message);
        gate.open();
        assertEquals("a", inside.answer());
        assertEquals("b", cache.getOrCreate("b", key -> "b"), "the place came back");
    }

    @Test
    void aPlaceComesBackWhateverHappensToItsCaller() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(1));
        away();
        assertThrows(
                IllegalStateException.class,
                () -> cache.getOrCreate("a", key -> {
                    throw new IllegalStateException();
                }));
        assertThrows(
                AssertionError.class,
                () -> cache.getOrCreate("a", key -> {
                    throw new AssertionError();
                }));
        // Another thread: one that has a place needs no second one.
        assertEquals("b", Caller.start(() -> cache.getOrCreate("b", key -> "b")).answer());
    }

    @Test
    void aCreatorThatAsksForAnotherKeyDoesNotWaitForThePlaceThatItHasItself() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(1));
        away();
        Caller<String> nested = Caller.start(
                () -> cache.getOrCreate("a", a -> a + cache.getOrCreate("b", b -> b + cache.getOrCreate("c", c -> c))));
        assertEquals("abc", nested.answer());
        assertEquals("d", Caller.start(() -> cache.getOrCreate("d", d -> d)).answer(), "and the place came back");
    }

    @Test
    void aCreatorThatHangsOrWaitsForOtherThreadsKeepsNobodyFromTheArbiter() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(1));
        away();
        Gate hanging = new Gate();
        Caller<String> hangs = Caller.start(() -> cache.getOrCreate("a", a -> {
            hanging.pass();
            return a;
        }));
        hanging.awaitArrival();
        Caller<String> fansOut = Caller.start(() -> cache.getOrCreate("b", b -> {
            Caller<String> child = Caller.start(() -> cache.getOrCreate("c", c -> c));
            return b + child.answer();
        }));
        assertEquals("bc", fansOut.answer());
        hanging.open();
        assertEquals("a", hangs.answer());
    }

    @Test
    void creatorsThatEndTogetherInsertWithinMaxDirect() throws InterruptedException {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(2));
        away();
        CountDownLatch created = new CountDownLatch(10);
        Gate inserting = new Gate();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        table.beforeInsert(key -> {
            most.accumulateAndGet(inside.incrementAndGet(), Math::max);
            inserting.passWhateverHappens();
        });
        table.afterInsert(key -> inside.decrementAndGet());
        List<Caller<String>> callers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String key = "k" + i;
            callers.add(Caller.start(() -> cache.getOrCreate(key, k -> {
                created.countDown();
                assertTrue(created.await(20, TimeUnit.SECONDS));
                return k;
            })));
        }
        assertTrue(created.await(20, TimeUnit.SECONDS), "all create at the same time");
        Passing.asleep(time, 8);
        inserting.open();
        callers.forEach(Caller::answer);
        assertEquals(2, most.get());
    }

    @Test
    void aCreatorThatHangsIsNotWaitedForByThoseWhoQueueForItsPlace() {
        var cache = creating("down", 1);
        away();
        Gate hanging = new Gate();
        Caller<String> hangs = Caller.start(() -> cache.getOrCreate("a", a -> {
            hanging.pass();
            return a;
        }));
        hanging.awaitArrival();
        Caller<String> queueing = Caller.start(() -> cache.getOrCreate("b", b -> b));
        Passing.asleep(time, 1);
        time.advance(Duration.ofSeconds(10)); // maxCreationTime
        assertEquals("b", queueing.answer());
        hanging.open();
        assertEquals("a", hangs.answer());
        assertOnePlace(cache);
    }

    @Test
    void aCreatorThatFailsDoesNotWaitForAPlaceThatItDoesNotNeed() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(1));
        away();
        Gate creating = new Gate();
        Gate finding = new Gate();
        Caller<String> failing = Caller.start(() -> cache.getOrCreate("a", a -> {
            creating.pass();
            throw new IllegalStateException("none");
        }));
        creating.awaitArrival();
        table.beforeFind(key -> finding.passWhateverHappens());
        Caller<String> inside = Caller.start(() -> cache.getOrCreate("b", b -> b));
        finding.awaitArrival();
        creating.open();
        failing.error(IllegalStateException.class);
        finding.open();
        assertEquals("b", inside.answer());
        assertEquals("c", cache.getOrCreate("c", c -> c), "and the place came back");
    }

    @Test
    void whatACreatorAsksForGoesBeforeAllWhoQueue() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(1));
        away();
        Gate creating = new Gate();
        Gate finding = new Gate();
        List<String> order = new CopyOnWriteArrayList<>();
        Caller<String> outer = Caller.start(() -> cache.getOrCreate("outer", key -> {
            creating.pass();
            return cache.getOrCreate("nested", k -> k);
        }));
        creating.awaitArrival();
        table.beforeFind(key -> {
            order.add(key);
            finding.passWhateverHappens();
        });
        Caller<String> inside = Caller.start(() -> cache.getOrCreate("inside", key -> key));
        finding.awaitArrival();
        Caller<String> queueing = Caller.start(() -> cache.getOrCreate("queueing", key -> key));
        Passing.asleep(time, 1);
        creating.open();
        Passing.asleep(time, 2);
        finding.open();
        List.of(outer, inside, queueing).forEach(Caller::answer);
        assertEquals(List.of("inside", "nested", "queueing"), order);
    }

    @Test
    void aCallbackThatHangsKeepsNobodyFromTheArbiter() {
        var cache = opened(Combination.ALL.builder("down", store, table).maxDirect(1));
        away();
        Gate creating = new Gate();
        Gate hanging = new Gate();
        Caller<String> leader = Caller.start(() -> cache.getOrCreate("a", a -> {
            creating.pass();
            return a;
        }));
        creating.awaitArrival();
        var called = cache.obtainAsync("a", a -> "never").thenAccept(a -> hanging.passWhateverHappens());
        creating.open();
        hanging.awaitArrival();
        assertEquals("b", Caller.start(() -> cache.getOrCreate("b", b -> b)).answer());
        assertFalse(called.isDone());
        hanging.open();
        assertEquals("a", leader.answer());
    }

    @Test
    void aCreatorThatWaitsForOneWhoQueuesForItsPlaceLendsIt() {
        var cache = creating("down", 1);
        away();
        Gate gate = new Gate();
        Caller<String> nested = Caller.start(() -> cache.getOrCreate("a", a -> {
            gate.pass();
            return a + cache.getOrCreate("b", b -> "never");
        }));
        gate.awaitArrival();
        Caller<String> queued = Caller.start(() -> cache.getOrCreate("b", b -> b));
        Passing.asleep(time, 1);
        gate.open();
        assertEquals("b", queued.answer());
        assertEquals("ab", nested.answer());
        assertOnePlace(cache);
    }

    @Test
    void manyCreatorsThatWaitedForOneOtherCreationDoNotComeBackAllAtOnce() {
        var cache = creating("down", 2);
        away();
        Gate common = new Gate();
        Gate behind = new Gate();
        AtomicInteger inside = new AtomicInteger();
        AtomicInteger most = new AtomicInteger();
        List<Caller<String>> callers = new ArrayList<>();
        for (int i = 0; i < 10; i++) {
            String key = "k" + i;
            callers.add(Caller.start(() -> cache.getOrCreate(key, k -> {
                String part = cache.getOrCreate("common", c -> {
                    common.pass();
                    return c;
                });
                most.accumulateAndGet(inside.incrementAndGet(), Math::max);
                behind.pass();
                inside.decrementAndGet();
                return k + part;
            })));
        }
        Passing.asleep(time, 9);
        common.open();
        Passing.asleep(time, 8);
        Awaitility.await().until(() -> inside.get() == 2);
        behind.open();
        for (int i = 0; i < 10; i++) {
            assertEquals("k" + i + "common", callers.get(i).answer());
        }
        assertEquals(2, most.get());
    }

    @Test
    void itIsUsedAgainAsSoonAsItIsBack() {
        var cache = cache(Combination.ALL);
        away();
        cache.getOrCreate("k", key -> "v");
        back();
        assertEquals(Source.CREATED, cache.obtain("k2", key -> "w").source());
        assertEquals("w", foreign.record("k2"));
        time.advance(MAX_STALENESS);
        assertEquals(Source.FOUND, cache.obtain("k", key -> "never").source());
        assertEquals("v", foreign.record("k"));
    }

    @Test
    void goingAwayInMidCreationCostsNobodyTheRecord() {
        var cache = cache(Combination.ALL);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 1);
        away();
        gate.open();
        assertEquals(new Outcome<>("v", Source.CREATED), leader.answer());
        assertEquals(new Outcome<>("v", Source.WAITED), joiner.answer());
        assertEquals(Source.LOCAL, cache.obtain("k", key -> "never").source());
        time.advance(MAX_STALENESS);
        assertEquals(new Outcome<>("v", Source.FOUND), cache.obtain("k", key -> "never"));
        assertEquals(1, table.inserts());
    }

    @Test
    void goingAwayWhileAnotherProcessIsWaitedForSendsTheWaiterToTheArbiter() {
        var cache = cache(Combination.ALL);
        foreign.claim("k");
        Caller<Outcome<String>> waiter = Caller.start(() -> cache.obtain("k", key -> "mine"));
        Passing.asleep(time, 1);
        away();
        assertEquals(new Outcome<>("mine", Source.CREATED), waiter.answer());
    }

    @Test
    void nothingIsPublishedUnderAClaimWhoseAnswerWasLost() {
        var cache = cache(Combination.ALL);
        store.faults().beforeWake(() -> store.faults().loseAtNextCommand(WireFaults.Loss.AFTER_EFFECT));
        assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> {
            assertEquals(Look.Nothing.NOTHING, foreign.look("k"), "it was released, as contact was there again");
            return "v";
        }));
        assertEquals("nothing", foreign.record("k"));
    }

    @Test
    void anAnswerThatDoesNotComeInTimeIsNotWaitedForLongerThanCommandTimeout() {
        var cache = cache(Combination.ALL);
        cache.getOrCreate("other", key -> "v");
        store.faults().hold();
        Caller<Outcome<String>> caller = Caller.start(() -> cache.obtain("k", key -> "v"));
        Passing.asleep(time, 1);
        time.advance(Duration.ofMillis(250).minus(MILLI));
        assertFalse(caller.isDone());
        time.advance(MILLI);
        assertEquals(new Outcome<>("v", Source.CREATED), caller.answer());
    }

    @Test
    void aNestedCachesSharedStoreIsNotMistakenForTheOwnOne() {
        var cache = cache(Combination.ALL);
        InMemorySharedStore elsewhere = new InMemorySharedStore(new InMemoryRedis(time));
        elsewhere.faults().unreachable(true);
        var nested = opened(Combination.SHARED.builder("nested", elsewhere, table));
        AtomicInteger runs = new AtomicInteger();
        for (int i = 1; i <= 2; i++) {
            assertThrows(
                    SharedStoreUnavailableException.class,
                    () -> cache.getOrCreate("k", key -> {
                        runs.incrementAndGet();
                        return nested.getOrCreate(key, k -> "never");
                    }));
            assertEquals(i, runs.get());
        }
        table.beforeFind(key -> nested.find("x"));
        assertThrows(SharedStoreUnavailableException.class, () -> cache.getOrCreate("k", key -> "never"));
        assertEquals(0, cache.stats().sharedStoreErrors());
        assertEquals(0, table.rows().size());
        assertInstanceOf(Look.Failed.class, foreign.look("k"), "and the claim was given back");
    }

    @Test
    void creatorsOfTwoCachesThatAskEachOtherLendTheirPlaces() {
        var one = creating("one", 1);
        var two = creating("two", 1);
        away();
        Gate first = new Gate();
        Gate second = new Gate();
        Caller<String> ofOne = Caller.start(() -> one.getOrCreate("a", a -> {
            first.pass();
            return a + two.getOrCreate("b", b -> b);
        }));
        Caller<String> ofTwo = Caller.start(() -> two.getOrCreate("c", c -> {
            second.pass();
            return c + one.getOrCreate("d", d -> d);
        }));
        first.awaitArrival();
        second.awaitArrival();
        first.open();
        second.open();
        assertEquals("ab", ofOne.answer());
        assertEquals("cd", ofTwo.answer());
        assertOnePlace(one);
        assertOnePlace(two);
    }

    @Test
    void aCreatorThatWaitsForAnotherCachesCreationWhichQueuesForItsPlaceLendsIt() {
        var one = creating("one", 1);
        var two = creating("two", 1);
        away();
        Gate gate = new Gate();
        Caller<String> waiting = Caller.start(() -> one.getOrCreate("a", a -> {
            gate.pass();
            return a + two.getOrCreate("b", b -> "never");
        }));
        gate.awaitArrival();
        Caller<String> queued = Caller.start(() -> two.getOrCreate("b", b -> b + one.getOrCreate("c", c -> c)));
        Passing.asleep(time, 1);
        gate.open();
        assertEquals("bc", queued.answer());
        assertEquals("abc", waiting.answer());
        assertOnePlace(one);
        assertOnePlace(two);
    }

    /** It runs on the thread of the flight's leader, which has a place at the cache that it was called from. */
    @Test
    void aCallbackThatWaitsForOneWhoQueuesForItsThreadsPlaceLendsItToo() throws Exception {
        var one = creating("one", 1);
        var two = creating("two", 1);
        var nested = opened(Combination.LOCAL.builder("nested", store, table));
        away();
        Gate gate = new Gate();
        Caller<String> leader = Caller.start(() -> one.getOrCreate(
                "a",
                a -> a
                        + nested.getOrCreate("n", n -> {
                            gate.pass();
                            return n;
                        })));
        gate.awaitArrival();
        Caller<String> queued = Caller.start(() -> two.getOrCreate("b", b -> b + one.getOrCreate("c", c -> c)));
        Passing.asleep(time, 1);
        var called =
                nested.obtainAsync("n", n -> "never").thenApply(n -> n.value() + two.getOrCreate("b", b -> "never"));
        gate.open();
        assertEquals("bc", queued.answer());
        assertEquals("an", leader.answer());
        assertEquals("nbc", called.get(20, TimeUnit.SECONDS));
        assertOnePlace(one);
        assertOnePlace(two);
    }

    /** Without an arbiter it is the creators that have the places. */
    private GetOrCreateCache<String, String> creating(String name, int places) {
        return opened(Combination.LOCAL_SHARED
                .builder(name, store, table)
                .whenSharedDown(WhenSharedDown.CREATE)
                .maxDirect(places));
    }

    private void assertOnePlace(GetOrCreateCache<String, String> cache) {
        Gate gate = new Gate();
        Caller<String> inside = Caller.start(() -> cache.getOrCreate("x" + cache.name(), key -> {
            gate.pass();
            return key;
        }));
        gate.awaitArrival();
        Caller<String> outside = Caller.start(() -> cache.getOrCreate("y" + cache.name(), key -> key));
        Passing.asleep(time, 1);
        gate.open();
        assertEquals("x" + cache.name(), inside.answer());
        assertEquals("y" + cache.name(), outside.answer());
    }
}
