package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheClosedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What becomes of callers, creators, claims and stores when a cache is closed. */
@Timeout(120) // virtual time stands still where a test fails to move it
class CloseTest {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "closing");
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final GetOrCreateCache<String, String> cache = open(Combination.ALL);

    private GetOrCreateCache<String, String> open(Combination tiers) {
        return tiers.builder(tiers == Combination.ALL ? "closing" : "closing" + tiers, store, table)
                .timeSource(time)
                .build();
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private static void refused(Executable call) {
        String message =
                String.valueOf(assertThrows(CacheClosedException.class, call).getMessage());
        assertTrue(message.contains("closing"), message);
    }

    @ParameterizedTest
    @EnumSource
    void newCallsAreRefusedAlsoWhereTheKeyWasHeld(Combination tiers) throws Exception {
        var closed = tiers == Combination.ALL ? cache : open(tiers);
        closed.getOrCreate("held", key -> "v");
        closed.close();
        for (String key : new String[] {"held", "fresh"}) {
            refused(() -> closed.getOrCreate(key, k -> "never"));
            refused(() -> closed.obtain(key, k -> "never"));
            refused(() -> closed.find(key));
            refused(() -> closed.invalidate(key));
            refused(() -> closed.invalidateAll());
            CompletableFuture<Outcome<String>> future = closed.obtainAsync(key, k -> "never");
            assertInstanceOf(
                    CacheClosedException.class,
                    assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS))
                            .getCause());
        }
        assertEquals(1, closed.stats().creatorRuns());
        assertEquals(0, closed.stats().localSize());
        closed.close();
    }

    @Test
    void aRunningCreatorFinishesAndPublishesAndClosingWaitsForIt() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "never"));
        CompletableFuture<Outcome<String>> async = cache.obtainAsync("k", key -> "never");
        Passing.asleep(time, 1);
        Caller<String> closing = Caller.start(() -> {
            cache.close();
            return "closed";
        });
        Passing.asleep(time, 2);
        assertFalse(closing.isDone());
        refused(() -> cache.getOrCreate("other", key -> "never"));
        gate.open();
        assertEquals(new Outcome<>("v", Source.CREATED), leader.answer());
        assertEquals(new Outcome<>("v", Source.WAITED), joiner.answer());
        assertEquals("v", async.orTimeout(20, TimeUnit.SECONDS).join().value());
        assertEquals("closed", closing.answer());
        assertEquals("v", foreign.record("k"));
    }

    @Test
    void whileItClosesNothingIsServedThatNobodyWouldBeToldTheChangeOf() {
        cache.getOrCreate("held", key -> "old");
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        Caller<String> closing = Caller.start(() -> {
            cache.close();
            return "closed";
        });
        Passing.asleep(time, 1);
        table.put("held", "new");
        foreign.invalidate("held");
        refused(() -> cache.getOrCreate("held", key -> "never"));
        gate.open();
        closing.answer();
        leader.answer();
    }

    @Test
    void aCreatorThatDoesNotEndIsWaitedForNoLongerThanMaxCreationTimeAndItsClaimIsReleased() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        time.advance(Duration.ofSeconds(4));
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 1);
        Caller<String> closing = Caller.start(() -> {
            cache.close();
            return "closed";
        });
        Passing.asleep(time, 2);
        assertInstanceOf(Look.Held.class, foreign.look("k"));
        time.advance(Duration.ofSeconds(6)); // the creator's own ten seconds are over
        joiner.error(CacheClosedException.class);
        assertEquals("closed", closing.answer());
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
        gate.open();
        assertEquals("v", leader.answer().value());
    }

    @Test
    void aWaitForAnotherProcessEnds() {
        foreign.claim("k");
        Caller<Outcome<String>> waiter = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 1);
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 2);
        cache.close();
        waiter.error(CacheClosedException.class);
        joiner.error(CacheClosedException.class);
        assertInstanceOf(Look.Held.class, foreign.look("k"), "the other process is not disturbed");
    }

    @Test
    void theSharedStoreStaysOpenForOthersAndTheNameIsFreeAgain() {
        var other = open(Combination.SHARED);
        cache.getOrCreate("k", key -> "v");
        cache.close();
        assertEquals("w", other.getOrCreate("k", key -> "w"));
        try (var again = open(Combination.ALL)) {
            assertEquals(new Outcome<>("v", Source.SHARED), again.obtain("k", key -> "never"));
        }
        other.close();
    }

    @Test
    void whatFailsOnTheWayKeepsNothingElseOpen() {
        SharedStore broken = (SharedStore) Proxy.newProxyInstance(
                SharedStore.class.getClassLoader(),
                new Class<?>[] {SharedStore.class},
                (proxy, method, arguments) -> method.getName().equals("open")
                        ? unclosable(method.invoke(store, arguments))
                        : method.invoke(store, arguments));
        Thread[] clock = new Thread[1];
        GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("unclosable")
                .local(CaffeineLocal.defaults())
                .shared(broken, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5))
                .executor(task -> {})
                .coarseClock()
                .build();
        for (Thread each : Thread.getAllStackTraces().keySet()) {
            clock[0] = each.getName().equals("getorcreate-clock-unclosable") ? each : clock[0];
        }
        CompletableFuture<Outcome<String>> queued = cache.obtainAsync("k", key -> "never");
        assertThrows(IllegalStateException.class, cache::close);
        assertInstanceOf(
                CacheClosedException.class,
                assertThrows(CompletionException.class, queued::join).getCause());
        Awaitility.await().until(() -> !clock[0].isAlive());
    }

    @SuppressWarnings("unchecked") // as it was opened
    private static SharedSpace<Object> unclosable(Object space) {
        return (SharedSpace<Object>) Proxy.newProxyInstance(
                SharedSpace.class.getClassLoader(), new Class<?>[] {SharedSpace.class}, (proxy, method, arguments) -> {
                    if (method.getName().equals("close")) {
                        throw new IllegalStateException("as if");
                    }
                    return method.invoke(space, arguments);
                });
    }

    @Test
    void closingTwiceIsClosingOnce() {
        cache.close();
        cache.close();
        refused(() -> cache.find("k"));
    }

    @Test
    void whoClosesBesideAnotherReturnsNoSoonerThanThatOne() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        List<Caller<String>> closing = new ArrayList<>();
        for (int i = 0; i < 2; i++) {
            closing.add(Caller.start(() -> {
                cache.close();
                return "closed";
            }));
        }
        Passing.asleep(time, 2);
        gate.open();
        closing.forEach(Caller::answer);
        assertEquals("v", leader.answer().value());
    }

    @Test
    void aCreatorThatClosesItsCacheDoesNotWaitForItself() {
        Caller<String> caller = Caller.start(() -> cache.getOrCreate("k", key -> {
            cache.close();
            cache.close();
            return "v";
        }));
        assertEquals("v", caller.answer());
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
    }

    /** One whose time is short, since it calls from within another cache's creator. */
    @Test
    void whoseTimeForOthersIsOverAndWhoIsAtTheArbiterIsWaitedForToo() {
        foreign.claim("k");
        var outer = Combination.LOCAL
                .builder("closing-outer", store, table)
                .maxCreationTime(Duration.ofSeconds(20))
                .timeSource(time)
                .build();
        Gate before = new Gate();
        Gate atTheArbiter = new Gate();
        table.beforeFind(key -> atTheArbiter.passWhateverHappens());
        Caller<String> nested = Caller.start(() -> outer.getOrCreate("outer", key -> {
            before.pass();
            return cache.getOrCreate("k", k -> "v");
        }));
        before.awaitArrival();
        time.advance(Duration.ofSeconds(5));
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 1);
        before.open();
        Passing.asleep(time, 2);
        time.advance(Duration.ofSeconds(10));
        atTheArbiter.awaitArrival();
        Caller<String> closing = Caller.start(() -> {
            cache.close();
            return "closed";
        });
        leader.error(CacheClosedException.class);
        Passing.asleep(time, 1);
        assertFalse(closing.isDone());
        atTheArbiter.open();
        assertEquals("closed", closing.answer());
        assertEquals("v", nested.answer());
        outer.close();
    }

    @Test
    void anAsynchronousCreationThatHasNotBegunIsRefused() {
        List<Runnable> queue = new ArrayList<>();
        var queued = Combination.ARBITER
                .builder("closing-queued", store, table)
                .timeSource(time)
                .executor(queue::add)
                .build();
        CompletableFuture<Outcome<String>> late = queued.obtainAsync("k", key -> "never");
        CompletableFuture<Outcome<String>> joiner = queued.obtainAsync("k", key -> "never");
        queued.close();
        for (var refused : List.of(late, joiner)) {
            assertInstanceOf(
                    CacheClosedException.class,
                    assertThrows(ExecutionException.class, () -> refused.get(20, TimeUnit.SECONDS))
                            .getCause());
        }
        queue.forEach(Runnable::run);
        assertEquals(0, table.finds());
    }

    @Test
    void whoQueuesForAPlaceIsRefusedAtOnceThoughThePlaceStaysTaken() {
        var direct = Combination.ALL
                .builder("closing-taken", store, table)
                .maxDirect(1)
                .timeSource(time)
                .build();
        store.faults().unreachable(true);
        Gate gate = new Gate();
        table.beforeFind(key -> gate.passWhateverHappens());
        Caller<String> inside = Caller.start(() -> direct.getOrCreate("a", key -> key));
        gate.awaitArrival();
        Caller<String> queueing = Caller.start(() -> direct.getOrCreate("b", key -> "never"));
        Caller<Optional<String>> finding = Caller.start(() -> direct.find("c"));
        Passing.asleep(time, 2);
        Caller<String> closing = Caller.start(() -> {
            direct.close();
            return "closed";
        });
        queueing.error(CacheClosedException.class);
        finding.error(CacheClosedException.class);
        assertFalse(closing.isDone());
        gate.open();
        assertEquals("a", inside.answer());
        assertEquals("closed", closing.answer());
        assertEquals(1, table.finds());
    }

    @Test
    void aNestedCallThatQueuesForAPlaceIsRefusedAtOnceToo() {
        var direct = Combination.ALL
                .builder("closing-nested", store, table)
                .maxDirect(1)
                .timeSource(time)
                .build();
        store.faults().unreachable(true);
        Gate finding = new Gate();
        Gate creating = new Gate();
        Caller<String> outer = Caller.start(() -> direct.getOrCreate("a", key -> {
            creating.pass();
            return direct.getOrCreate("nested", k -> "never");
        }));
        creating.awaitArrival();
        table.beforeFind(key -> finding.passWhateverHappens());
        Caller<Optional<String>> inside = Caller.start(() -> direct.find("x"));
        finding.awaitArrival();
        creating.open();
        Passing.asleep(time, 1);
        Caller<String> closing = Caller.start(() -> {
            direct.close();
            return "closed";
        });
        outer.error(CacheClosedException.class);
        assertEquals("closed", closing.answer());
        finding.open();
        assertEquals(Optional.empty(), inside.answer());
    }

    /** It asked whether the cache is open, and the cache is closed before the executor is given its task. */
    @Test
    void anAsynchronousCreationThatMeetsCloseIsRefused() {
        AtomicReference<GetOrCreateCache<String, String>> closes = new AtomicReference<>();
        List<Runnable> queue = new ArrayList<>();
        var local = Combination.LOCAL
                .builder("closing-meets", store, table)
                .local(closingIn("joinOrStart", closes))
                .executor(queue::add)
                .timeSource(time)
                .build();
        closes.set(local);
        CompletableFuture<Outcome<String>> late = local.obtainAsync("k", key -> "never");
        assertInstanceOf(
                CacheClosedException.class,
                assertThrows(ExecutionException.class, () -> late.get(20, TimeUnit.SECONDS))
                        .getCause());
        assertEquals(0, local.stats().localSize());
    }

    @Test
    void aCallbackThatClosesWhatIsBeingClosedByItsThreadDoesNotWaitForItself() {
        List<Runnable> queue = new ArrayList<>();
        var queued = Combination.LOCAL
                .builder("closing-callback", store, table)
                .timeSource(time)
                .executor(queue::add)
                .build();
        CompletableFuture<?> called =
                queued.obtainAsync("k", key -> "never").whenComplete((answer, error) -> queued.close());
        Caller<String> closing = Caller.start(() -> {
            queued.close();
            return "closed";
        });
        assertEquals("closed", closing.answer());
        assertTrue(called.isCompletedExceptionally());
    }

    private static RelayedTier closingIn(String method, AtomicReference<GetOrCreateCache<String, String>> closes) {
        return new RelayedTier(CaffeineLocal.defaults(), (called, real) -> {
            GetOrCreateCache<String, String> now = called.equals(method) ? closes.getAndSet(null) : null;
            if (now != null) {
                now.close();
            }
            return real.invoke();
        });
    }

    /** It asked whether the cache is open, and the cache is closed before its flight sits at the key. */
    @Test
    void whatIsFoundWhileACacheClosesIsNotServedFromIt() {
        table.put("k", "row");
        AtomicReference<GetOrCreateCache<String, String>> closes = new AtomicReference<>();
        var local = Combination.LOCAL_ARBITER
                .builder("closing-find", store, table)
                .local(closingIn("joinOrStart", closes))
                .timeSource(time)
                .build();
        closes.set(local);
        refused(() -> local.find("k"));
        refused(() -> local.getOrCreate("k", key -> "never"));
        assertEquals(0, local.stats().localSize());
    }

    @Test
    void anInterruptEndsTheWaitOfCloseAndStaysSet() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        Caller<String> closing = Caller.start(() -> {
            cache.close();
            return "closed";
        });
        Passing.asleep(time, 1);
        closing.interrupt();
        assertEquals("closed", closing.answer());
        assertTrue(closing.keptItsInterruptFlag());
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
        gate.open();
        assertEquals("v", leader.answer().value());
    }
}
