package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

class VirtualTimeTest {

    private static final Duration SECOND = Duration.ofSeconds(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime();
    private final List<String> log = new ArrayList<>();

    @Test
    void bothClocksMoveTogetherAndOnlyWhenTold() {
        long wall = time.epochMillis();
        assertEquals(0, time.nanoTime());
        time.advance(Duration.ofMillis(1500));
        assertEquals(1_500_000_000L, time.nanoTime());
        assertEquals(wall + 1500, time.epochMillis());
        assertThrows(IllegalArgumentException.class, () -> time.advance(SECOND.negated()));
    }

    @Test
    void timersRunInOrderEachAtItsOwnTime() {
        for (int second : new int[] {3, 1, 2, 1}) {
            time.after(TimeUnit.SECONDS.toNanos(second), () -> log.add(second + "@" + time.nanoTime() / 1_000_000_000));
        }
        time.advance(Duration.ofMillis(999));
        assertEquals(List.of(), log);
        time.advance(Duration.ofMillis(1501));
        assertEquals(List.of("1@1", "1@1", "2@2"), log);
        assertEquals(2_500_000_000L, time.nanoTime());
    }

    @Test
    void aTimerMayStartTheNext() {
        time.after(SECOND.toNanos(), () -> {
            log.add("first");
            time.after(SECOND.toNanos(), () -> log.add("second@" + time.nanoTime()));
        });
        time.advance(Duration.ofSeconds(5));
        assertEquals(List.of("first", "second@2000000000"), log);
    }

    @Test
    void aCancelledTimerDoesNotRunAndOneWithoutDelayRunsAtOnce() {
        time.after(SECOND.toNanos(), () -> log.add("cancelled")).cancel(false);
        time.after(0, () -> log.add("now"));
        time.advance(Duration.ofSeconds(2));
        assertEquals(List.of("now"), log);
    }

    @Test
    void aWaitEndsExactlyWhenItsTimeHasCome() throws Exception {
        CompletableFuture<Boolean> wait = wait(new CompletableFuture<>(), 10);
        time.advance(Duration.ofSeconds(10).minusNanos(1));
        assertEquals(1, time.waiting());
        assertFalse(wait.isDone());
        time.advance(Duration.ofNanos(1));
        assertFalse(wait.get(10, TimeUnit.SECONDS), "what it waited for is not done");
        assertEquals(0, time.waiting());
    }

    @Test
    void aWaitEndsWhenWhatItWaitsForIsDoneHoweverItIsDone() throws Exception {
        CompletableFuture<Object> well = new CompletableFuture<>();
        CompletableFuture<Object> badly = new CompletableFuture<>();
        CompletableFuture<Boolean> first = wait(well, 10);
        CompletableFuture<Boolean> second = wait(badly, 10);
        well.complete("x");
        badly.completeExceptionally(new IllegalStateException());
        assertTrue(first.get(10, TimeUnit.SECONDS));
        assertTrue(second.get(10, TimeUnit.SECONDS));
        assertTrue(time.await(badly, Long.MAX_VALUE));
    }

    @Test
    void anInterruptEndsTheWaitAndIsMetBeforeIt() throws Exception {
        AtomicReference<Thread> waiter = new AtomicReference<>();
        CompletableFuture<Boolean> wait = CompletableFuture.supplyAsync(() -> {
            waiter.set(Thread.currentThread());
            try {
                return time.await(new CompletableFuture<>(), Long.MAX_VALUE);
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        time.awaitWaiting(1, PATIENCE);
        waiter.get().interrupt();
        ExecutionException e = assertThrows(ExecutionException.class, () -> wait.get(10, TimeUnit.SECONDS));
        assertInstanceOf(InterruptedException.class, e.getCause());
        Thread.currentThread().interrupt();
        assertThrows(InterruptedException.class, () -> time.await(CompletableFuture.completedFuture(1), 0));
    }

    @Test
    void waitingForWaitersFailsWhenTheyDoNotCome() {
        assertThrows(AssertionError.class, () -> time.awaitWaiting(1, Duration.ofMillis(50)));
    }

    private CompletableFuture<Boolean> wait(CompletableFuture<?> future, int seconds) {
        int before = time.waiting();
        CompletableFuture<Boolean> wait = CompletableFuture.supplyAsync(() -> {
            try {
                return time.await(future, TimeUnit.SECONDS.toNanos(seconds));
            } catch (InterruptedException e) {
                throw new CompletionException(e);
            }
        });
        time.awaitWaiting(before + 1, PATIENCE);
        return wait;
    }
}
