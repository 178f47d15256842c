package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.lang.reflect.Proxy;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.Supplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** When a claim's loss is told: before its leader knows that it was granted, and after its leader has done with it. */
@Timeout(120) // virtual time stands still where a test fails to move it
class EarlyLossTest {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "early");
    private final List<Claim> granted = new CopyOnWriteArrayList<>();
    /** What happens between the grant and its leader's waking, the first time. */
    private volatile Runnable onFirstGrant = () -> {};

    private final GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("early")
            .local(CaffeineLocal.defaults())
            .shared(relayed(new InMemorySharedStore(redis)), KeyCodec.string(), Codec.string())
            .timeToLive(Duration.ofMinutes(5))
            .timeSource(time)
            .build();

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void aLossThatIsToldBeforeTheLeaderKnowsOfItsClaimLetsOthersGo() {
        onFirstGrant = () -> {
            foreign.invalidate("k");
            granted.get(0).lost().run();
        };
        Gate gate = new Gate();
        Caller<Outcome<String>> first = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "first";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> second = Caller.start(() -> cache.obtain("k", key -> "second"));
        assertEquals(new Outcome<>("second", Source.CREATED), second.answer());
        assertEquals(1, cache.stats().claimsLost());
        gate.open();
        assertEquals("second", first.answer().value());
        assertEquals(1, cache.stats().publishesRejected());
    }

    @Test
    void aLossThatIsToldWhenTheRecordIsPublishedIsNone() {
        cache.getOrCreate("k", key -> "v");
        granted.get(0).lost().run();
        assertEquals(0, cache.stats().claimsLost());
        assertEquals(new Outcome<>("v", Source.LOCAL), cache.obtain("k", key -> "never"));
    }

    private SharedStore relayed(SharedStore real) {
        return (SharedStore) Proxy.newProxyInstance(
                SharedStore.class.getClassLoader(), new Class<?>[] {SharedStore.class}, (proxy, method, args) -> {
                    Object answer = method.invoke(real, args);
                    return answer instanceof SharedSpace<?> space ? relayed(space) : answer;
                });
    }

    @SuppressWarnings("unchecked") // its second argument is that
    private SharedSpace<?> relayed(SharedSpace<?> real) {
        return (SharedSpace<?>) Proxy.newProxyInstance(
                SharedSpace.class.getClassLoader(), new Class<?>[] {SharedSpace.class}, (proxy, method, args) -> {
                    if (!method.getName().equals("lookOrClaim")) {
                        return method.invoke(real, args);
                    }
                    Supplier<Claim> claim = (Supplier<Claim>) Objects.requireNonNull(args)[1];
                    args[1] = (Supplier<Claim>) () -> {
                        granted.add(claim.get());
                        return granted.get(granted.size() - 1);
                    };
                    Object look = method.invoke(real, args);
                    if (look instanceof Look.Granted) {
                        Runnable now = onFirstGrant;
                        onFirstGrant = () -> {};
                        now.run();
                    }
                    return look;
                });
    }
}
