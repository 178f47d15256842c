package dev.getorcreate.spi;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.ref.WeakReference;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SystemTimeTest {

    private final TimeSource time = TimeSource.system();

    /** A callback of a future that timed out runs on the JVM's one timer thread, and may block there. */
    @Test
    void aTimerIsDueAlsoWhileTheJvmsOwnTimerThreadHangs() throws InterruptedException {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
        CompletableFuture<?> hanging = future.exceptionally(error -> {
            hangs.countDown();
            awaitUninterruptibly(over);
            return null;
        });
        future.orTimeout(1, TimeUnit.MILLISECONDS); // now: a callback that comes later runs on this thread
        try {
            assertTrue(hangs.await(10, TimeUnit.SECONDS));
            CountDownLatch due = new CountDownLatch(1);
            CompletableFuture<?> timer = time.after(TimeUnit.MILLISECONDS.toNanos(20), due::countDown);
            assertTrue(due.await(10, TimeUnit.SECONDS));
            assertTrue(timer.isDone());
            assertFalse(hanging.isDone());
        } finally {
            over.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        try {
            assertTrue(latch.await(30, TimeUnit.SECONDS));
        } catch (InterruptedException e) {
            throw new AssertionError(e);
        }
    }

    @Test
    void aTaskThatHangsKeepsNoOtherFromRunning() throws InterruptedException {
        CountDownLatch over = new CountDownLatch(1);
        CountDownLatch due = new CountDownLatch(1);
        try {
            var first = time.after(0, () -> awaitUninterruptibly(over));
            var second = time.after(TimeUnit.MILLISECONDS.toNanos(5), due::countDown);
            assertTrue(due.await(10, TimeUnit.SECONDS));
            assertTrue(first.isDone() && second.isDone());
        } finally {
            over.countDown();
        }
    }

    @Test
    void whatIsCancelledIsNeverRunAndHeldByNobody() throws InterruptedException {
        AtomicInteger runs = new AtomicInteger();
        CompletableFuture<?> timer = time.after(TimeUnit.MILLISECONDS.toNanos(20), runs::incrementAndGet);
        assertTrue(timer.cancel(false));
        assertTrue(timer.isCancelled());
        byte[] held = new byte[16];
        WeakReference<Object> seen = new WeakReference<>(held);
        cancelledWith(held);
        held = null;
        Awaitility.await().until(() -> {
            System.gc();
            return seen.get() == null;
        });
        CountDownLatch later = new CountDownLatch(1);
        time.after(TimeUnit.MILLISECONDS.toNanos(50), later::countDown);
        assertTrue(later.await(10, TimeUnit.SECONDS));
        assertEquals(0, runs.get());
    }

    private void cancelledWith(Object held) {
        CompletableFuture<?> timer = time.after(TimeUnit.HOURS.toNanos(1), () -> System.out.println(held));
        assertTrue(timer.cancel(false));
    }

    @Test
    void whereNoThreadIsToBeHadAnotherTimerStandsIn() throws InterruptedException {
        ScheduledThreadPoolExecutor none = new ScheduledThreadPoolExecutor(1, task -> {
            throw new OutOfMemoryError("unable to create native thread, as if");
        });
        CountDownLatch due = new CountDownLatch(1);
        var timer = SystemTime.after(none, TimeUnit.MILLISECONDS.toNanos(20), due::countDown);
        assertTrue(due.await(10, TimeUnit.SECONDS));
        assertTrue(timer.isDone());
        AtomicInteger runs = new AtomicInteger();
        assertTrue(SystemTime.after(none, TimeUnit.MILLISECONDS.toNanos(20), runs::incrementAndGet)
                .cancel(false));
        CountDownLatch later = new CountDownLatch(1);
        SystemTime.after(none, TimeUnit.MILLISECONDS.toNanos(50), later::countDown);
        assertTrue(later.await(10, TimeUnit.SECONDS));
        assertEquals(0, runs.get());
    }
}
