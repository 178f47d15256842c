package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.Source;
import dev.getorcreate.WhenSharedDown;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** The shared store is away, and there is no arbiter: {@code whenSharedDown} decides. */
@Timeout(120) // virtual time stands still where a test fails to move it
class NoArbiterSharedStoreDownTest {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "down");
    private final List<GetOrCreateCache<?, ?>> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(GetOrCreateCache::close);
    }

    private CacheBuilder<String, String> builder(Combination tiers) {
        return tiers.builder("down", store, new InMemoryArbiter<>()).timeSource(time);
    }

    private GetOrCreateCache<String, String> failing(Combination tiers) {
        return opened(builder(tiers).build());
    }

    private GetOrCreateCache<String, String> creating(Combination tiers) {
        return opened(builder(tiers).whenSharedDown(WhenSharedDown.CREATE).build());
    }

    private GetOrCreateCache<String, String> opened(GetOrCreateCache<String, String> cache) {
        open.add(cache);
        return cache;
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "LOCAL_SHARED"})
    void byDefaultCallersFailAndNoCreatorRuns(Combination tiers) {
        var cache = failing(tiers);
        cache.getOrCreate("old", key -> "v");
        store.faults().unreachable(true);
        says("whenSharedDown(CREATE)", () -> cache.getOrCreate("k", key -> "never"));
        says("ask again later", () -> cache.find("k"));
        assertThrows(
                SharedStoreUnavailableException.class,
                () -> cache.getOrCreate("old", key -> "never"),
                "what was read over the lost connection is not served either");
        assertEquals(1, cache.stats().creatorRuns());
        assertEquals(3, cache.stats().sharedStoreErrors());
        store.faults().unreachable(false);
        assertEquals(new Outcome<>("v", Source.SHARED), cache.obtain("old", key -> "never"));
    }

    /** What happened, to which cache, and what to do. */
    private static void says(String advice, Executable call) {
        SharedStoreUnavailableException e = assertThrows(SharedStoreUnavailableException.class, call);
        String happened = String.valueOf(e.getCause()).replaceFirst(".*?: ", "");
        String message = String.valueOf(e.getMessage());
        assertTrue(message.startsWith("cache 'down': " + happened) && message.contains(advice), message);
    }

    @Test
    void byDefaultARecordThatCannotBePublishedIsNotGivenOut() {
        var cache = failing(Combination.LOCAL_SHARED);
        assertThrows(
                SharedStoreUnavailableException.class,
                () -> cache.getOrCreate("k", key -> {
                    store.faults().unreachable(true);
                    return "v";
                }));
        store.faults().unreachable(false);
        assertEquals(0, cache.stats().localSize());
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "LOCAL_SHARED"})
    void byChoiceOneCreatorOfEachProcessRunsAndNothingIsCached(Combination tiers) {
        var cache = creating(tiers);
        store.faults().unreachable(true);
        Gate gate = new Gate();
        AtomicInteger runs = new AtomicInteger();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v" + runs.incrementAndGet();
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 1);
        gate.open();
        assertEquals(new Outcome<>("v1", Source.CREATED), leader.answer());
        assertEquals(new Outcome<>("v1", Source.WAITED), joiner.answer());
        assertEquals(new Outcome<>("v2", Source.CREATED), cache.obtain("k", key -> "v" + runs.incrementAndGet()));
        store.faults().unreachable(false);
        assertEquals("nothing", foreign.record("k"));
    }

    @Test
    void byChoiceWhatWasMadeIsGivenOutAlsoIfTheStoreWentAwayMeanwhile() {
        var cache = creating(Combination.LOCAL_SHARED);
        AtomicInteger runs = new AtomicInteger();
        Outcome<String> answer = cache.obtain("k", key -> {
            store.faults().unreachable(true);
            return "v" + runs.incrementAndGet();
        });
        assertEquals(new Outcome<>("v1", Source.CREATED), answer);
        assertEquals(new Outcome<>("v2", Source.CREATED), cache.obtain("k", key -> "v" + runs.incrementAndGet()));
        assertEquals(0, cache.stats().localSize());
    }
}
