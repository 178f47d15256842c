package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.WaitInterruptedException;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What the executor has not begun holds up nobody who blocks: whoever comes leads it. */
@Timeout(120) // virtual time stands still: nobody may wait for it
class QueuedTest {

    private final VirtualTime time = new VirtualTime();
    private final List<Runnable> tasks = new CopyOnWriteArrayList<>();
    /** Guard: volatile. What the executor does with a task. */
    private volatile Executor behaviour = tasks::add;

    /** Guard: volatile. */
    private volatile @Nullable Callable<Outcome<String>> overtaker;

    private final GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("queued")
            .local(CaffeineLocal.defaults())
            .timeSource(time)
            .executor(task -> behaviour.execute(task))
            .build();

    @AfterEach
    void close() {
        cache.close();
    }

    private Caller<Outcome<String>> blocked(String value) {
        return Caller.start(() -> cache.obtain("k", key -> value));
    }

    private Caller<Outcome<String>> blocked(Gate gate) {
        return Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
    }

    @Test
    void whoBlocksLeadsWhatTheExecutorHasNotBegun() {
        CompletableFuture<Outcome<String>> queued = cache.obtainAsync("k", key -> "never");
        assertEquals(new Outcome<>("v", Source.CREATED), blocked("v").answer());
        assertEquals(new Outcome<>("v", Source.WAITED), queued.getNow(null), "though its task may never begin");
        tasks.get(0).run();
        assertEquals(1, cache.stats().creatorRuns());
        assertEquals(0, cache.stats().failures());
        assertEquals(new Outcome<>("v", Source.LOCAL), cache.obtain("k", key -> "never"));
    }

    @Test
    void whoseTimeIsOverMeanwhileIsAnsweredAllTheSame() {
        try (var hurried = GetOrCreateCache.<String, String>builder("hurried")
                .local(CaffeineLocal.defaults())
                .waitTimeout(Duration.ofMillis(100))
                .timeSource(time)
                .executor(tasks::add)
                .build()) {
            CompletableFuture<Outcome<String>> queued = hurried.obtainAsync("k", key -> "never");
            time.advance(Duration.ofMillis(500));
            assertEquals(
                    new Outcome<>("v", Source.CREATED),
                    Caller.start(() -> hurried.obtain("k", key -> "v")).answer());
            assertEquals(new Outcome<>("v", Source.WAITED), queued.getNow(null));
            assertEquals(1, tasks.size());
        }
    }

    /** It is led, and ends, before whoever queued it has come to the executor. */
    @Test
    void whatHasEndedBeforeItIsHandedOverIsNotHandedOver() {
        try (var swift = GetOrCreateCache.<String, String>builder("swift")
                .local(overtaken())
                .timeSource(time)
                .executor(tasks::add)
                .build()) {
            overtaker = () -> swift.obtain("k", key -> "v");
            assertEquals(
                    new Outcome<>("v", Source.WAITED),
                    swift.obtainAsync("k", key -> "never").getNow(null));
            assertEquals(List.of(), tasks);
        }
    }

    /** The same where answers are handed to the executor, which has room for one. */
    @Test
    void aRefusalBehindTheAnswerIsNone() {
        behaviour = task -> {
            tasks.add(task);
            behaviour = more -> {
                throw new RejectedExecutionException("full");
            };
        };
        try (var joining = GetOrCreateCache.<String, String>builder("joining")
                .local(overtaken())
                .arbiter(new NeverInTransactions())
                .timeSource(time)
                .executor(task -> behaviour.execute(task))
                .build()) {
            overtaker = () -> joining.obtain("k", key -> "v");
            CompletableFuture<Outcome<String>> queued = joining.obtainAsync("k", key -> "never");
            assertFalse(queued.isDone());
            tasks.get(0).run();
            assertEquals(new Outcome<>("v", Source.WAITED), queued.getNow(null));
            assertEquals(0, joining.stats().failures());
        }
    }

    /** A tier whose first flight is followed at once by a caller that blocks, and leads it. */
    private LocalTier overtaken() {
        return new RelayedTier(CaffeineLocal.defaults(), (method, real) -> {
            Object there = real.invoke();
            Callable<Outcome<String>> first = overtaker;
            if (method.equals("joinOrStart") && first != null) {
                overtaker = null;
                assertEquals(Source.CREATED, Caller.start(first).answer().source());
            }
            return there;
        });
    }

    @Test
    void aTaskThatBeginsMeanwhileJoinsIt() {
        CompletableFuture<Outcome<String>> queued = cache.obtainAsync("k", key -> "never");
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = blocked(gate);
        gate.awaitArrival();
        tasks.get(0).run();
        assertFalse(queued.isDone());
        gate.open();
        assertEquals(new Outcome<>("v", Source.CREATED), leader.answer());
        assertEquals(new Outcome<>("v", Source.WAITED), queued.getNow(null));
    }

    @Test
    void whoBlocksJoinsWhatTheExecutorHasBegun() {
        Gate gate = new Gate();
        CompletableFuture<Outcome<String>> queued = cache.obtainAsync("k", key -> {
            gate.pass();
            return "v";
        });
        Caller<Boolean> executor = Caller.start(() -> {
            tasks.get(0).run();
            return true;
        });
        gate.awaitArrival();
        Caller<Outcome<String>> joined = blocked("never");
        Passing.asleep(time, 1);
        gate.open();
        executor.answer();
        assertEquals(new Outcome<>("v", Source.CREATED), queued.getNow(null));
        assertEquals(new Outcome<>("v", Source.WAITED), joined.answer());
    }

    @Test
    void aTaskThatIsRefusedMeanwhileIsAnsweredByIt() {
        Gate gate = new Gate();
        CompletableFuture<Caller<Outcome<String>>> leader = new CompletableFuture<>();
        behaviour = task -> {
            leader.complete(blocked(gate));
            gate.awaitArrival();
            throw new RejectedExecutionException("full");
        };
        CompletableFuture<Outcome<String>> queued = cache.obtainAsync("k", key -> "never");
        assertFalse(queued.isDone());
        gate.open();
        assertEquals(new Outcome<>("v", Source.CREATED), leader.join().answer());
        assertEquals(new Outcome<>("v", Source.WAITED), queued.getNow(null));
    }

    @Test
    void aCacheThatIsClosedMeanwhileLetsItAnswer() {
        CompletableFuture<Outcome<String>> queued = cache.obtainAsync("k", key -> "never");
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = blocked(gate);
        gate.awaitArrival();
        Caller<Boolean> closing = Caller.start(() -> {
            cache.close();
            return true;
        });
        Passing.asleep(time, 1);
        gate.open();
        assertEquals(new Outcome<>("v", Source.CREATED), leader.answer());
        assertEquals(new Outcome<>("v", Source.WAITED), queued.getNow(null));
        closing.answer();
    }

    @Test
    void whatTheOnesCreatorThrowsReachesTheOther() {
        CompletableFuture<Outcome<String>> queued = cache.obtainAsync("k", key -> "never");
        RuntimeException mine = new IllegalStateException("mine");
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            throw mine;
        }));
        assertSame(mine, leader.error(IllegalStateException.class));
        CompletionException seen = assertThrows(CompletionException.class, () -> queued.getNow(null));
        assertSame(mine, seen.getCause());
    }

    @Test
    void anInterruptOfTheOneIsNotForTheOther() {
        CompletableFuture<Outcome<String>> queued = cache.obtainAsync("k", key -> "second");
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            throw new InterruptedException();
        }));
        leader.error(WaitInterruptedException.class);
        assertNull(queued.getNow(null));
        assertEquals(2, tasks.size());
        tasks.forEach(Runnable::run);
        assertEquals(new Outcome<>("second", Source.CREATED), queued.getNow(null));
        assertEquals(2, cache.stats().creatorRuns());
    }

    /** By the machine's clock. */
    @Test
    void threadsOfTheExecutorDoNotWaitForWhatIsBehindThemInItsQueue() {
        ExecutorService one = Executors.newSingleThreadExecutor();
        try (var pooled = GetOrCreateCache.<String, String>builder("pooled")
                .local(CaffeineLocal.defaults())
                .executor(one)
                .build()) {
            Gate gate = new Gate();
            CompletableFuture<Outcome<String>> outer = pooled.obtainAsync("outer", key -> {
                gate.pass();
                return pooled.getOrCreate("inner", inner -> "v");
            });
            gate.awaitArrival();
            CompletableFuture<Outcome<String>> behind = pooled.obtainAsync("inner", key -> "never");
            gate.open();
            assertEquals("v", outer.orTimeout(60, TimeUnit.SECONDS).join().value());
            assertEquals("v", behind.orTimeout(60, TimeUnit.SECONDS).join().value());
            assertEquals(2, pooled.stats().creatorRuns());
        } finally {
            one.shutdownNow();
        }
    }
}
