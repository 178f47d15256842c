package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** I5: a flight that is in its place no more is told of no change, so whoever holds it is not served by it. */
@Timeout(120) // virtual time stands still where a test fails to move it
class UnlinkedTest {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "unlinked");
    /** Where the next thread is held that has peeked, and the next that decodes. */
    private final AtomicReference<@Nullable Gate> peeked = new AtomicReference<>();

    private final AtomicReference<@Nullable Gate> decoding = new AtomicReference<>();

    private final GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("unlinked")
            .local(stopping())
            .shared(new InMemorySharedStore(redis), KeyCodec.string(), slow())
            .timeToLive(Duration.ofMinutes(5))
            .timeSource(time)
            .build();

    private LocalTier stopping() {
        return new RelayedTier(CaffeineLocal.defaults(), (method, real) -> {
            Object there = real.invoke();
            if (method.equals("peek")) {
                stopAt(peeked);
            }
            return there;
        });
    }

    private Codec<String> slow() {
        return new StringsReadBy(bytes -> {
            stopAt(decoding);
            return Codec.string().decode(bytes);
        });
    }

    private static void stopAt(AtomicReference<@Nullable Gate> place) {
        Gate gate = place.getAndSet(null);
        if (gate != null) {
            gate.passWhateverHappens();
        }
    }

    private static Gate gateAt(AtomicReference<@Nullable Gate> place) {
        Gate gate = new Gate();
        place.set(gate);
        return gate;
    }

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void whoTookAFlightWhoseClaimIsLostThenIsNotServedByIt() {
        Gate creating = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            creating.pass();
            return "old";
        }));
        creating.awaitArrival();
        Gate peek = gateAt(peeked);
        Caller<Outcome<String>> stopped = Caller.start(() -> cache.obtain("k", key -> "new"));
        peek.awaitArrival();
        foreign.invalidate("k");
        time.advance(Duration.ofSeconds(1)); // a renewal is refused
        assertEquals(1, cache.stats().claimsLost());
        creating.open();
        assertEquals(new Outcome<>("old", Source.CREATED), leader.answer(), "at the second attempt");
        foreign.invalidate("k");
        peek.open();
        assertEquals(new Outcome<>("new", Source.CREATED), stopped.answer());
    }

    @Test
    void whoTookALookThatIsDisplacedThenIsNotServedByIt() {
        foreign.publish("k", foreign.claim("k"), "old");
        Gate decode = gateAt(decoding);
        Caller<Optional<String>> looking = Caller.start(() -> cache.find("k"));
        decode.awaitArrival();
        Gate peek = gateAt(peeked);
        Caller<Outcome<String>> stopped = Caller.start(() -> cache.obtain("k", key -> "new"));
        peek.awaitArrival();
        assertEquals(new Outcome<>("old", Source.SHARED), cache.obtain("k", key -> "never"));
        decode.open();
        assertEquals(Optional.of("old"), looking.answer());
        foreign.invalidate("k");
        peek.open();
        assertEquals(new Outcome<>("new", Source.CREATED), stopped.answer());
    }
}
