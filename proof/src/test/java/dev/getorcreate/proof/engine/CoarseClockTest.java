package dev.getorcreate.proof.engine;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.CacheClosedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.FutureTask;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Hits that read a clock which a thread sets; the time that it sets is the test's own. */
class CoarseClockTest {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);

    private CacheBuilder<String, String> local(String name) {
        return GetOrCreateCache.<String, String>builder(name)
                .local(CaffeineLocal.defaults().expireAfterWrite(Duration.ofMinutes(1)))
                .timeSource(time)
                .coarseClock();
    }

    private static Source ask(GetOrCreateCache<String, String> cache) {
        return cache.obtain("k", key -> "v").source();
    }

    private static long clocks(String name) {
        return Thread.getAllStackTraces().keySet().stream()
                .filter(thread -> thread.getName().equals("getorcreate-clock-" + name))
                .count();
    }

    @Test
    void entriesExpireByIt() {
        try (var cache = local("expiring").build()) {
            assertEquals(Source.CREATED, ask(cache));
            time.advance(Duration.ofSeconds(59));
            assertEquals(Source.LOCAL, ask(cache));
            time.advance(Duration.ofSeconds(1));
            await().until(() -> ask(cache) == Source.CREATED);
        }
    }

    /** A clock of which only the thread that sets it reads the time. */
    @Test
    void hitsReadNoOtherClock() {
        CountDownLatch goOn = new CountDownLatch(1);
        AtomicBoolean stops = new AtomicBoolean();
        CountDownLatch stopped = new CountDownLatch(1);
        TimeSource stopping = new RelayedTime(time) {
            @Override
            public long nanoTime() {
                if (stops.get() && Thread.currentThread().getName().startsWith("getorcreate-clock-")) {
                    stopped.countDown();
                    awaitUninterruptibly(goOn);
                }
                return super.nanoTime();
            }
        };
        try (var cache = local("stopped").timeSource(stopping).build()) {
            assertEquals(Source.CREATED, ask(cache));
            stops.set(true);
            awaitUninterruptibly(stopped);
            time.advance(Duration.ofMinutes(1));
            assertEquals(Source.LOCAL, ask(cache));
            goOn.countDown();
            await().until(() -> ask(cache) == Source.CREATED);
        } finally {
            goOn.countDown();
        }
    }

    private static void awaitUninterruptibly(CountDownLatch latch) {
        await().until(() -> latch.getCount() == 0);
    }

    @Test
    void aChangeThatIsToldIsObeyedAtOnce() {
        InMemorySharedStore mine = new InMemorySharedStore(redis);
        InMemorySharedStore others = new InMemorySharedStore(redis);
        try (var cache = local("coarse")
                        .shared(mine, KeyCodec.string(), Codec.string())
                        .timeToLive(Duration.ofMinutes(5))
                        .build();
                var other = GetOrCreateCache.<String, String>builder("coarse")
                        .shared(others, KeyCodec.string(), Codec.string())
                        .timeToLive(Duration.ofMinutes(5))
                        .timeSource(time)
                        .build()) {
            assertEquals(Source.CREATED, ask(cache));
            assertEquals(Source.LOCAL, ask(cache));
            other.invalidate("k");
            assertEquals(Source.CREATED, ask(cache));
        }
    }

    /** A container may interrupt all threads of an application. */
    @Test
    void anInterruptNeitherEndsItNorKeepsItFromSleeping() {
        try (var cache = local("interrupted").build()) {
            assertEquals(Source.CREATED, ask(cache));
            Thread clock = Thread.getAllStackTraces().keySet().stream()
                    .filter(thread -> thread.getName().equals("getorcreate-clock-interrupted"))
                    .findAny()
                    .orElseThrow();
            clock.interrupt();
            await().until(() -> !clock.isInterrupted());
            time.advance(Duration.ofMinutes(1));
            await().until(() -> ask(cache) == Source.CREATED);
        }
    }

    /** A clock that fails is an error that its author sees; entries that never expire are none that anybody sees. */
    @Test
    void entriesExpireThoughTheClockFailsItsThread() {
        FailingTime failing = new FailingTime(time);
        try (var cache = local("failing").timeSource(failing).build()) {
            assertEquals(Source.CREATED, ask(cache));
            failing.fails = true;
            await().until(() -> failing.failures.get() > 1);
            assertEquals(Source.LOCAL, ask(cache));
            time.advance(Duration.ofMinutes(1));
            assertEquals(Source.CREATED, ask(cache));
            failing.fails = false;
            time.advance(Duration.ofMinutes(1));
            await().until(() -> ask(cache) == Source.CREATED);
        }
    }

    /** Fails the thread of the coarse clock, and nobody else. */
    private static final class FailingTime extends RelayedTime {

        private final AtomicInteger failures = new AtomicInteger();
        private volatile boolean fails;

        FailingTime(TimeSource real) {
            super(real);
        }

        @Override
        public long nanoTime() {
            if (fails && Thread.currentThread().getName().startsWith("getorcreate-clock-")) {
                failures.incrementAndGet();
                throw new IllegalStateException("no time");
            }
            return super.nanoTime();
        }
    }

    @Test
    void theThreadOfACacheThatCannotBeOpenedEnds() {
        CacheBuilder<String, String> builder = local("taken")
                .shared(new InMemorySharedStore(redis), KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5));
        try (var first = builder.build()) {
            assertThrows(IllegalStateException.class, builder::build);
            await().until(() -> clocks(first.name()) == 1);
        }
    }

    /** A caller that was let in just before, and came to its flight when the cache had been emptied. */
    @Test
    void whoIsLateForTheCloseIsRefusedAndLeavesNoHitByAClockThatStandsStill() throws Exception {
        CountDownLatch inside = new CountDownLatch(1);
        CountDownLatch goOn = new CountDownLatch(1);
        LocalTier slow = new RelayedTier(CaffeineLocal.defaults(), (method, real) -> {
            if (method.equals("joinOrStart")) { // between being let in and the flight
                inside.countDown();
                goOn.await();
            }
            return real.invoke();
        });
        var cache = local("closing").local(slow).build();
        FutureTask<Source> late = new FutureTask<>(() -> ask(cache));
        new Thread(late, "late").start();
        inside.await();
        cache.close();
        await().until(() -> clocks("closing") == 0);
        goOn.countDown();
        assertInstanceOf(
                CacheClosedException.class,
                assertThrows(ExecutionException.class, late::get).getCause());
        assertThrows(CacheClosedException.class, () -> ask(cache));
    }

    @Test
    void itsThreadEndsWithTheCache() {
        var cache = local("ending").build();
        assertEquals(1, clocks("ending"));
        cache.close();
        await().until(() -> clocks("ending") == 0);
    }

    @Test
    void itIsForALocalTier() {
        CacheBuilder<String, String> builder = GetOrCreateCache.<String, String>builder("nowhere")
                .shared(new InMemorySharedStore(redis), KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(1))
                .coarseClock();
        String message =
                assertThrows(IllegalArgumentException.class, builder::build).getMessage();
        assertTrue(message.contains("coarseClock") && message.contains("local("), message);
        assertEquals(0, clocks("nowhere"));
    }
}
