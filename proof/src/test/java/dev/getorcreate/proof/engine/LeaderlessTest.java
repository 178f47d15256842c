package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.VirtualTime;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** An {@link Error} between a flight's place in the map and its leader's work: nobody may join what nobody leads. */
@Timeout(60) // virtual time stands still, so whoever joins such a flight waits for ever
class LeaderlessTest {

    private final VirtualTime time = new VirtualTime();
    private final AtomicBoolean trouble = new AtomicBoolean(true);

    /** A stack that overflows when the flight is in the map already. */
    @Test
    void aFlightWhoseLeaderDidNotComeToLeadItIsGone() {
        try (var cache = GetOrCreateCache.<String, String>builder("overflown")
                .local(new Overflowing(CaffeineLocal.defaults(), trouble))
                .timeSource(time)
                .build()) {
            assertThrows(StackOverflowError.class, () -> cache.getOrCreate("k", key -> "never"));
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        }
    }

    @Test
    void anAsynchronousOneToo() {
        try (var cache = GetOrCreateCache.<String, String>builder("overflown")
                .local(new Overflowing(CaffeineLocal.defaults(), trouble))
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
                if (trouble.getAndSet(false)) {
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

    private record Overflowing(LocalTier real, AtomicBoolean trouble) implements LocalTier {

        @Override
        public Duration expireAfterWrite() {
            return real.expireAfterWrite();
        }

        @Override
        @SuppressWarnings("unchecked") // it is what it stands before
        public <K, V> LocalStore<K, V> open(String cache, TimeSource source) {
            LocalStore<K, V> store = real.open(cache, source);
            InvocationHandler handler = (proxy, method, args) -> {
                Object answer = method.invoke(store, args);
                if (method.getName().equals("joinOrStart") && trouble.getAndSet(false)) {
                    throw new StackOverflowError("as if");
                }
                return answer;
            };
            return (LocalStore<K, V>) Proxy.newProxyInstance(
                    LocalStore.class.getClassLoader(), new Class<?>[] {LocalStore.class}, handler);
        }
    }
}
