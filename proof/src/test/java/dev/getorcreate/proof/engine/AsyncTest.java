package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.WaitTimeoutException;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.VirtualTime;
import java.lang.ref.WeakReference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** {@code obtainAsync}: nobody's thread is blocked but the leader's own. */
@Timeout(120) // virtual time stands still where a test fails to move it
class AsyncTest {

    private final VirtualTime time = new VirtualTime();
    private final AtomicInteger tasks = new AtomicInteger();
    /** Guard: volatile. What the executor does with a task. */
    private volatile Executor behaviour = AsyncTest::onNewThread;

    private final GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("async")
            .local(CaffeineLocal.defaults())
            .maxCreationTime(Duration.ofSeconds(10))
            .waitTimeout(Duration.ofSeconds(15))
            .timeSource(time)
            .executor(task -> {
                tasks.incrementAndGet();
                behaviour.execute(task);
            })
            .build();

    private static void onNewThread(Runnable task) {
        Thread thread = new Thread(task, "leader");
        thread.setDaemon(true);
        thread.start();
    }

    @AfterEach
    void close() {
        cache.close();
    }

    private static Outcome<String> answer(CompletableFuture<Outcome<String>> future) throws Exception {
        return future.get(20, TimeUnit.SECONDS);
    }

    private static Throwable error(CompletableFuture<Outcome<String>> future) {
        return assertThrows(ExecutionException.class, () -> future.get(20, TimeUnit.SECONDS))
                .getCause();
    }

    @Test
    void aHitIsCompletedAtOnceAndUsesNoThread() {
        cache.getOrCreate("k", key -> "v");
        CompletableFuture<Outcome<String>> hit = cache.obtainAsync("k", key -> "never");
        assertTrue(hit.isDone());
        assertEquals(new Outcome<>("v", Source.LOCAL), hit.join());
        assertEquals(0, tasks.get());
    }

    @Test
    void onlyTheLeaderTakesAThreadOfTheExecutor() throws Exception {
        Gate gate = new Gate();
        AtomicReference<String> ran = new AtomicReference<>("");
        CompletableFuture<Outcome<String>> leader = cache.obtainAsync("k", key -> {
            ran.set(Thread.currentThread().getName());
            gate.pass();
            return "v";
        });
        gate.awaitArrival();
        List<CompletableFuture<Outcome<String>>> joiners = new ArrayList<>();
        for (int i = 0; i < 100; i++) {
            joiners.add(cache.obtainAsync("k", key -> "never"));
        }
        assertEquals(1, tasks.get());
        assertTrue(joiners.stream().noneMatch(CompletableFuture::isDone));
        gate.open();
        assertEquals(new Outcome<>("v", Source.CREATED), answer(leader));
        for (var joiner : joiners) {
            assertEquals(new Outcome<>("v", Source.WAITED), answer(joiner));
        }
        assertEquals("leader", ran.get());
        assertEquals(1, tasks.get());
    }

    @Test
    void blockingCallersAndAsyncCallersJoinEachOther() throws Exception {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        CompletableFuture<Outcome<String>> joiner = cache.obtainAsync("k", key -> "never");
        gate.open();
        assertEquals(Source.CREATED, leader.answer().source());
        assertEquals(new Outcome<>("v", Source.WAITED), answer(joiner));
        assertEquals(0, tasks.get());
    }

    @Test
    void whatTheCreatorThrowsReachesAllItsFuturesUnchanged() {
        Gate gate = new Gate();
        RuntimeException mine = new IllegalStateException("mine");
        CompletableFuture<Outcome<String>> leader = cache.obtainAsync("k", key -> {
            gate.pass();
            throw mine;
        });
        gate.awaitArrival();
        CompletableFuture<Outcome<String>> joiner = cache.obtainAsync("k", key -> "never");
        gate.open();
        assertSame(mine, error(leader));
        assertSame(mine, error(joiner));
    }

    @Test
    void anErrorOfTheLeaderLeavesItsJoinersToANewLeader() throws Exception {
        Gate gate = new Gate();
        CompletableFuture<Outcome<String>> leader = cache.obtainAsync("k", key -> {
            gate.pass();
            throw new AssertionError("mine");
        });
        gate.awaitArrival();
        CompletableFuture<Outcome<String>> joiner = cache.obtainAsync("k", key -> "new");
        gate.open();
        assertInstanceOf(AssertionError.class, error(leader));
        assertEquals(new Outcome<>("new", Source.CREATED), answer(joiner));
    }

    @Test
    void cancellingOrCompletingAFutureTouchesNothingThatOthersShare() throws Exception {
        Gate gate = new Gate();
        CompletableFuture<Outcome<String>> leader = cache.obtainAsync("k", key -> {
            gate.pass();
            return "v";
        });
        gate.awaitArrival();
        CompletableFuture<Outcome<String>> cancelled = cache.obtainAsync("k", key -> "never");
        CompletableFuture<Outcome<String>> completed = cache.obtainAsync("k", key -> "never");
        CompletableFuture<Outcome<String>> patient = cache.obtainAsync("k", key -> "never");
        cancelled.cancel(true);
        completed.complete(new Outcome<>("forged", Source.CREATED));
        leader.cancel(true);
        gate.open();
        assertEquals(new Outcome<>("v", Source.WAITED), answer(patient));
        assertEquals("v", cache.getOrCreate("k", key -> "never"));
    }

    @Test
    void whatItsCallerGaveUpAsksForNothingWhenItsTimeIsOver() {
        Gate gate = new Gate();
        Caller<String> leader = Caller.start(() -> cache.getOrCreate("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        behaviour = Runnable::run;
        cache.obtainAsync("k", key -> "never").cancel(true);
        time.advance(Duration.ofSeconds(10)); // the leader lets go
        time.advance(Duration.ofSeconds(5));
        assertEquals(0, tasks.get());
        assertEquals(1, cache.stats().creatorRuns());
        gate.open();
        assertEquals("v", leader.answer());
    }

    /** The executor and the clock come at the same moment, and the clock's thread is not for creators. */
    @Test
    void whatTheExecutorHasBegunIsRunByNobodyElse() throws Exception {
        Gate cancelling = new Gate();
        TimeSource stopping = new RelayedTime(time) {
            @Override
            public CompletableFuture<?> after(long delayNanos, Runnable task) {
                CompletableFuture<?> real = super.after(delayNanos, task);
                return new CompletableFuture<Void>() {
                    @Override
                    public boolean cancel(boolean mayInterruptIfRunning) {
                        cancelling.passWhateverHappens();
                        return real.cancel(mayInterruptIfRunning);
                    }
                };
            }
        };
        try (var stopped = GetOrCreateCache.<String, String>builder("stopped")
                .local(CaffeineLocal.defaults())
                .waitTimeout(Duration.ofSeconds(15))
                .timeSource(stopping)
                .executor(AsyncTest::onNewThread)
                .build()) {
            AtomicReference<String> ran = new AtomicReference<>("");
            CompletableFuture<Outcome<String>> future = stopped.obtainAsync("k", key -> {
                ran.set(Thread.currentThread().getName());
                return "v";
            });
            cancelling.awaitArrival();
            time.advance(Duration.ofSeconds(15));
            cancelling.open();
            assertEquals("v", answer(future).value());
            assertEquals("leader", ran.get());
        }
    }

    @Test
    void aHitsFutureIsTheCallersOwn() {
        cache.getOrCreate("k", key -> "v");
        cache.obtainAsync("k", key -> "never").obtrudeValue(new Outcome<>("forged", Source.LOCAL));
        assertEquals("v", cache.obtainAsync("k", key -> "never").join().value());
    }

    @Test
    void anExecutorThatRejectsFailsTheFutureAndLeavesNoFlightBehind() {
        RejectedExecutionException full = new RejectedExecutionException("full");
        behaviour = task -> {
            throw full;
        };
        assertSame(full, error(cache.obtainAsync("k", key -> "v")));
        assertEquals(Source.CREATED, cache.obtain("k", key -> "v").source());
    }

    @Test
    void anExecutorThatCannotStartAThreadFailsTheFutureAndLeavesNoFlightBehind() {
        // As the OutOfMemoryError of a machine without threads to give does; JUnit gives up on that very one.
        Error none = new InternalError("unable to create native thread");
        behaviour = task -> {
            throw none;
        };
        assertSame(none, error(cache.obtainAsync("k", key -> "v")));
        assertEquals(Source.CREATED, cache.obtain("k", key -> "v").source());
    }

    @Test
    void aTaskThatTheExecutorDropsHoldsNobodyForLongerThanWaitTimeout() throws Exception {
        List<Runnable> dropped = new ArrayList<>();
        behaviour = dropped::add;
        CompletableFuture<Outcome<String>> leader = cache.obtainAsync("k", key -> "late");
        CompletableFuture<Outcome<String>> joiner = cache.obtainAsync("k", key -> "v");
        behaviour = AsyncTest::onNewThread;
        time.advance(Duration.ofSeconds(15));
        assertTrue(String.valueOf(assertInstanceOf(WaitTimeoutException.class, error(leader))
                        .getMessage())
                .contains("executor"));
        assertEquals(new Outcome<>("v", Source.CREATED), answer(joiner));
        assertEquals("v", cache.getOrCreate("k", key -> "never"), "no flight without a leader stays behind");
        dropped.get(0).run();
        assertEquals("v", cache.getOrCreate("k", key -> "never"), "one that begins too late creates nothing");
    }

    @Test
    void anExecutorThatRunsOnTheCallersThreadWorks() throws Exception {
        behaviour = Runnable::run;
        assertEquals(new Outcome<>("v", Source.CREATED), answer(cache.obtainAsync("k", key -> "v")));
        CompletableFuture<Outcome<String>> nested = cache.obtainAsync(
                "a", a -> answer(cache.obtainAsync("b", b -> "b")).value());
        assertEquals("b", answer(nested).value());
    }

    @Test
    void anInterruptOfTheLeaderIsNotForTheJoinerThatGoesOnOnItsThread() throws Exception {
        behaviour = Runnable::run;
        joinerGoesOn(cache, () -> {
            throw new InterruptedException();
        });
    }

    /** The executor runs on the thread of a leader that may be in a transaction. */
    @Test
    void aJoinerThatGoesOnOnItsLeadersThreadIsNoPartOfItsCall() throws Exception {
        try (var joining = GetOrCreateCache.<String, String>builder("joining")
                .arbiter(new NeverInTransactions())
                .timeSource(time)
                .executor(Runnable::run)
                .build()) {
            joinerGoesOn(joining, () -> {
                throw new AssertionError("the leader's alone");
            });
        }
    }

    private static void joinerGoesOn(GetOrCreateCache<String, String> cache, Callable<String> dies) throws Exception {
        Gate gate = new Gate();
        Caller<Boolean> leader = Caller.start(() -> {
            assertThrows(
                    Throwable.class,
                    () -> cache.getOrCreate("k", key -> {
                        gate.pass();
                        return dies.call();
                    }));
            return Thread.interrupted();
        });
        gate.awaitArrival();
        AtomicBoolean interrupted = new AtomicBoolean();
        CompletableFuture<Outcome<String>> joiner = cache.obtainAsync("k", key -> {
            interrupted.set(Thread.currentThread().isInterrupted());
            return "second";
        });
        gate.open();
        assertEquals(new Outcome<>("second", Source.CREATED), answer(joiner));
        assertFalse(interrupted.get());
        assertEquals(cache.name().equals("async"), leader.answer(), "the leader's flag stays");
    }

    @Test
    void theDefaultExecutorRunsManyLeaders() {
        try (GetOrCreateCache<String, String> plain = GetOrCreateCache.<String, String>builder("plain")
                .local(CaffeineLocal.defaults())
                .build()) {
            List<CompletableFuture<Outcome<String>>> all = new ArrayList<>();
            for (int i = 0; i < 200; i++) {
                all.add(plain.obtainAsync("k" + i, key -> key));
            }
            for (int i = 0; i < 200; i++) {
                assertEquals(
                        "k" + i,
                        all.get(i).orTimeout(20, TimeUnit.SECONDS).join().value());
            }
        }
    }

    @Test
    void aCallbackThatThrowsHarmsNobodyElse() throws Exception {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        CompletableFuture<Object> bad = cache.obtainAsync("k", key -> "never").thenApply(answer -> {
            throw new AssertionError("a callback's");
        });
        CompletableFuture<Outcome<String>> good = cache.obtainAsync("k", key -> "never");
        gate.open();
        assertEquals(Source.CREATED, leader.answer().source());
        assertEquals("v", answer(good).value());
        assertThrows(CompletionException.class, () -> bad.orTimeout(20, TimeUnit.SECONDS)
                .join());
    }

    /** A pool whose threads all hang keeps what it was given in its queue. */
    @Test
    void whatWasGivenUpIsHeldByNobodyThoughTheExecutorKeepsItsTask() {
        List<Runnable> queue = new ArrayList<>();
        behaviour = queue::add;
        WeakReference<Object> creator = givenUp();
        assertEquals(1, queue.size());
        Awaitility.await().until(() -> {
            System.gc();
            return creator.get() == null;
        });
        queue.forEach(Runnable::run);
    }

    private WeakReference<Object> givenUp() {
        StringBuilder captured = new StringBuilder("v");
        Creator<String, String> creator = key -> captured.toString();
        CompletableFuture<Outcome<String>> answer = cache.obtainAsync("k", creator);
        time.advance(Duration.ofSeconds(15));
        assertInstanceOf(WaitTimeoutException.class, error(answer));
        return new WeakReference<>(captured);
    }
}
