package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.WaitTimeoutException;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Answers of a shared store that its commands' order allows, and that a real one gives once in a long while. */
@Timeout(value = 20, threadMode = Timeout.ThreadMode.SEPARATE_THREAD) // a loop that nobody interrupts
class OddAnswersTest {

    private final VirtualTime time = new VirtualTime();
    private final SharedStore store = new InMemorySharedStore(new InMemoryRedis(time));
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();

    private GetOrCreateCache<String, String> cache(Combination tiers, Odd odd) {
        return tiers.builder("odd", new OddStore(store, odd), table)
                .waitTimeout(Duration.ofSeconds(15))
                .timeSource(time)
                .build();
    }

    /** A record was read from a node that loses the key, whose next owner grants the claim that went along. */
    @Test
    void whatWasReadBeforeAClaimVouchesForNothing() {
        Vouch gone = new Vouch(Long.MAX_VALUE);
        Odd odd = (method, args, real) -> {
            Object look = real.invoke();
            if (look instanceof Look.Granted) {
                ((Watch) args[2]).answered(gone); // over another connection: its own claim is told of over its own
            }
            return look;
        };
        try (var cache = cache(Combination.ALL, odd)) {
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
            gone.end();
            assertEquals(new Outcome<>("v", Source.LOCAL), cache.obtain("k", key -> "never"));
        }
    }

    /** Claims refused by somebody who is gone when one looks, again and again. */
    @Test
    void othersWhoComeAndGoTakeNoMoreThanTheWaitingTime() {
        Odd odd = (method, args, real) -> {
            if (method.equals("lookOrClaim") || method.equals("claim")) {
                time.advance(Duration.ofSeconds(1));
                return Look.Nothing.NOTHING;
            }
            return real.invoke();
        };
        try (var cache = cache(Combination.LOCAL_SHARED, odd)) {
            assertThrows(WaitTimeoutException.class, () -> cache.obtain("k", key -> "never"));
        }
        try (var cache = cache(Combination.ALL, odd)) {
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        }
    }

    /** Bytes of somebody else, other ones each time that one would replace them. */
    @ParameterizedTest
    @ValueSource(booleans = {true, false})
    void othersWhoWriteWhatCannotBeReadTakeNoMoreThanTheWaitingTime(boolean decodable) {
        Odd odd = (method, args, real) -> {
            if (method.equals("lookOrClaim") || method.equals("claim")) {
                time.advance(Duration.ofSeconds(1));
                byte[] seen = {(byte) 0xff};
                return decodable ? new Look.Present(ByteBuffer.wrap(seen), seen) : new Look.Unreadable(seen, "foreign");
            }
            return real.invoke();
        };
        try (var cache = cache(Combination.LOCAL_SHARED, odd)) {
            assertThrows(WaitTimeoutException.class, () -> cache.obtain("k", key -> "never"));
        }
        try (var cache = cache(Combination.ALL, odd)) {
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        }
    }

    /** A stack that overflows once the claim is granted, and before anybody has noted that. */
    @Test
    void anErrorAmidAClaimLeavesNoClaimBehind() {
        AtomicBoolean overflows = new AtomicBoolean(true);
        Odd odd = (method, args, real) -> {
            Object look = real.invoke();
            if (look instanceof Look.Granted && overflows.getAndSet(false)) {
                throw new StackOverflowError("as if");
            }
            return look;
        };
        try (var cache = cache(Combination.LOCAL_SHARED, odd)) {
            assertThrows(StackOverflowError.class, () -> cache.obtain("k", key -> "never"));
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        }
    }

    private interface Real {
        Object invoke() throws Throwable;
    }

    private interface Odd {
        Object answer(String method, Object[] args, Real real) throws Throwable;
    }

    private record OddStore(SharedStore real, Odd odd) implements SharedStore {

        @Override
        @SuppressWarnings("unchecked") // it is what it stands before
        public <K> SharedSpace<K> open(String cache, KeyCodec<K> keys, String codecId, Changes<K> changes) {
            SharedSpace<K> space = real.open(cache, keys, codecId, changes);
            InvocationHandler handler =
                    (proxy, method, args) -> odd.answer(method.getName(), args, () -> method.invoke(space, args));
            return (SharedSpace<K>) Proxy.newProxyInstance(
                    SharedSpace.class.getClassLoader(), new Class<?>[] {SharedSpace.class}, handler);
        }

        @Override
        public Duration maxStaleness() {
            return real.maxStaleness();
        }
    }
}
