package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An {@link Error} between a flight's place in the map and its leader's work: nobody may join what nobody leads. */
@Timeout(60) // virtual time stands still, so whoever joins such a flight waits for ever
class LeaderlessTest {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    /** How many steps are to come that go wrong. */
    private final AtomicInteger trouble = new AtomicInteger(1);

    /** A stack that overflows when the flight is in the map already. */
    @Test
    void aFlightWhoseLeaderDidNotComeToLeadItIsGone() {
        try (var cache = GetOrCreateCache.<String, String>builder("overflown")
                .local(overflowing())
                .timeSource(time)
                .build()) {
            assertThrows(StackOverflowError.class, () -> cache.getOrCreate("k", key -> "never"));
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        }
    }

    /** Done, though in its place, it is an entry that gives nothing. */
    @Test
    void aFlightThatCouldNotBeUnlinkedEitherKeepsNobody() {
        trouble.set(2);
        aFlightWhoseLeaderDidNotComeToLeadItIsGone();
    }

    @Test
    void aLookThatDidNotComeToLookIsGone() {
        try (var cache = GetOrCreateCache.<String, String>builder("overflown")
                .local(overflowing())
                .arbiter(table)
                .timeSource(time)
                .build()) {
            table.put("k", "row");
            assertThrows(StackOverflowError.class, () -> cache.find("k"));
            assertEquals(Optional.of("row"), cache.find("k"));
            assertEquals(
                    new Outcome<>("row", Source.LOCAL), cache.obtain("k", key -> "never"), "the second one kept it");
        }
    }

    @Test
    void aLookInATransactionThatDidNotComeToLookIsGone() {
        InMemorySharedStore store = new InMemorySharedStore(new InMemoryRedis(time));
        try (var cache = GetOrCreateCache.<String, String>builder("overflown")
                .local(overflowing())
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5))
                .arbiter(new OneTransaction().joinedBy(table))
                .timeSource(time)
                .build()) {
            assertThrows(StackOverflowError.class, () -> cache.find("k"));
            assertEquals(0, cache.stats().localSize());
        }
    }

    @Test
    void aCallInATransactionThatCouldNotLetGoIsOverAllTheSame() {
        table.put("k", "row");
        try (var cache = inATransaction()) {
            assertThrows(StackOverflowError.class, () -> cache.getOrCreate("k", key -> "never"));
            assertEquals(new Outcome<>("row", Source.FOUND), cache.obtain("k", key -> "never"));
        }
    }

    @Test
    void aCreationInATransactionThatCouldNotLetGoIsNotOverdueLater() {
        trouble.set(0);
        try (var cache = inATransaction()) {
            assertThrows(
                    StackOverflowError.class,
                    () -> cache.getOrCreate("k", key -> {
                        trouble.set(1);
                        throw new IllegalStateException();
                    }));
            time.advance(Duration.ofSeconds(10));
            assertEquals(0, cache.stats().overdue());
        }
    }

    private GetOrCreateCache<String, String> inATransaction() {
        return GetOrCreateCache.<String, String>builder("overflown")
                .local(overflowing())
                .arbiter(new OneTransaction().joinedBy(table))
                .maxCreationTime(Duration.ofSeconds(10))
                .timeSource(time)
                .build();
    }

    @Test
    void anAsynchronousOneToo() {
        try (var cache = GetOrCreateCache.<String, String>builder("overflown")
                .local(overflowing())
                .timeSource(time)
                .build()) {
            CompletableFuture<Outcome<String>> first = cache.obtainAsync("k", key -> "never");
            assertInstanceOf(
                    StackOverflowError.class,
                    assertThrows(CompletionException.class, first::join).getCause());
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        }
    }

    /** The first timer of a JVM starts a thread. */
    @Test
    void aFlightForWhichNoTimerCouldBeSetIsGone() {
        TimeSource threadless = new RelayedTime(time) {
            @Override
            public CompletableFuture<?> after(long delayNanos, Runnable task) {
                if (trouble.getAndDecrement() > 0) {
                    throw new OutOfMemoryError("as if: unable to create native thread");
                }
                return super.after(delayNanos, task);
            }
        };
        try (var cache = GetOrCreateCache.<String, String>builder("threadless")
                .local(CaffeineLocal.defaults())
                .timeSource(threadless)
                .build()) {
            CompletableFuture<Outcome<String>> first = cache.obtainAsync("k", key -> "never");
            assertInstanceOf(
                    OutOfMemoryError.class,
                    assertThrows(CompletionException.class, first::join).getCause());
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        }
    }

    /** Nobody else would begin it. */
    @Test
    void aCreationWhoseTimerCannotBeTakenBackBeginsAllTheSame() {
        List<Runnable> tasks = new ArrayList<>();
        try (var cache = untimely(tasks)) {
            CompletableFuture<Outcome<String>> first = cache.obtainAsync("k", key -> "v");
            assertThrows(OutOfMemoryError.class, () -> tasks.get(0).run());
            assertEquals(new Outcome<>("v", Source.CREATED), first.getNow(null));
            assertEquals(new Outcome<>("v", Source.LOCAL), cache.obtain("k", key -> "never"));
        }
    }

    @Test
    void whoJoinedAndCannotTakeItsTimerBackIsAnsweredAllTheSame() {
        trouble.set(0);
        List<Runnable> tasks = new ArrayList<>();
        try (var cache = untimely(tasks)) {
            CompletableFuture<Outcome<String>> first = cache.obtainAsync("k", key -> "v");
            trouble.set(1);
            CompletableFuture<Outcome<String>> joined = cache.obtainAsync("k", key -> "never");
            tasks.get(0).run();
            assertEquals(new Outcome<>("v", Source.CREATED), first.getNow(null));
            assertEquals(new Outcome<>("v", Source.WAITED), joined.getNow(null));
            assertEquals(0, cache.stats().failures());
        }
    }

    /** With timers that cannot be cancelled, so many as there is trouble, and an executor that is run by hand. */
    private GetOrCreateCache<String, String> untimely(List<Runnable> tasks) {
        TimeSource untimely = new RelayedTime(time) {
            @Override
            public CompletableFuture<?> after(long delayNanos, Runnable task) {
                return trouble.getAndDecrement() <= 0
                        ? super.after(delayNanos, task)
                        : new CompletableFuture<Void>() {
                            @Override
                            public boolean cancel(boolean mayInterruptIfRunning) {
                                throw new OutOfMemoryError("as if");
                            }
                        };
            }
        };
        return GetOrCreateCache.<String, String>builder("untimely")
                .local(CaffeineLocal.defaults())
                .executor(tasks::add)
                .timeSource(untimely)
                .build();
    }

    /** A flight is in its place by then, or is not removed. */
    private LocalTier overflowing() {
        return new RelayedTier(CaffeineLocal.defaults(), (method, real) -> {
            boolean places = method.equals("joinOrStart");
            Object answer = places ? real.invoke() : null;
            if ((places || method.equals("remove")) && trouble.getAndDecrement() > 0) {
                throw new StackOverflowError("as if");
            }
            return places ? answer : real.invoke();
        });
    }
}
