package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.spi.Look;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Timeout;

/** Two processes and a third that is only seen by what it does, around one key. Time stands still unless it is moved. */
@Timeout(120) // virtual time stands still where a test fails to move it
abstract class FailureMarksFixture {

    static final Duration MILLI = Duration.ofMillis(1);
    static final Duration HOLD = Duration.ofSeconds(1);
    static final Duration WAIT = Duration.ofSeconds(15);

    final VirtualTime time = new VirtualTime();
    final InMemoryRedis redis = new InMemoryRedis(time);
    final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "marks");
    final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    final GetOrCreateCache<String, String> here = process(Combination.LOCAL_SHARED, settings -> settings);
    final InMemorySharedStore itsStore = new InMemorySharedStore(redis);
    final GetOrCreateCache<String, String> there = process(itsStore, Combination.LOCAL_SHARED, settings -> settings);

    @AfterEach
    void close() {
        here.close();
        there.close();
    }

    GetOrCreateCache<String, String> process(Combination tiers, UnaryOperator<CacheBuilder<String, String>> settings) {
        return process(new InMemorySharedStore(redis), tiers, settings);
    }

    GetOrCreateCache<String, String> process(
            InMemorySharedStore store, Combination tiers, UnaryOperator<CacheBuilder<String, String>> settings) {
        store.polling(false);
        return settings.apply(tiers.builder("marks", store, table))
                .timeSource(time)
                .build();
    }

    static Caller<Outcome<String>> heldLeader(
            GetOrCreateCache<String, String> cache, Gate gate, Creator<String, String> then) {
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return then.create(key);
        }));
        gate.awaitArrival();
        return leader;
    }

    Caller<Outcome<String>> waiter(GetOrCreateCache<String, String> cache, int waiting) {
        Caller<Outcome<String>> waiter = Caller.start(() -> cache.obtain("k", key -> "mine"));
        Passing.asleep(time, waiting);
        return waiter;
    }

    static void says(RuntimeException e, String... parts) {
        for (String part : parts) {
            assertTrue(String.valueOf(e.getMessage()).contains(part), () -> part + " is not in: " + e.getMessage());
        }
    }

    Look failHere() {
        assertThrows(
                IllegalStateException.class,
                () -> here.getOrCreate("k", key -> {
                    throw new IllegalStateException("mine");
                }));
        return foreign.look("k");
    }
}
