package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.VirtualTime;
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
