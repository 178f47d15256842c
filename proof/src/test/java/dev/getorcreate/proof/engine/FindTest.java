package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code find}: looks everywhere, creates nothing and waits for nobody who does. */
@Timeout(120) // virtual time stands still where a test fails to move it
class FindTest {

    private static final Duration MILLI = Duration.ofMillis(1);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "find");
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final List<GetOrCreateCache<?, ?>> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(GetOrCreateCache::close);
    }

    private GetOrCreateCache<String, String> cache(Combination tiers) {
        GetOrCreateCache<String, String> cache =
                tiers.builder("find", store, table).timeSource(time).build();
        open.add(cache);
        return cache;
    }

    @ParameterizedTest
    @EnumSource
    void whatIsNowhereIsNotFoundAndNothingIsLeftBehind(Combination tiers) {
        var cache = cache(tiers);
        assertEquals(Optional.empty(), cache.find("k"));
        assertEquals(0, cache.stats().localSize());
        assertEquals(0, cache.stats().creatorRuns());
        assertEquals(0, table.inserts());
        assertEquals(0, redis.rawKeys().size(), "no claim");
        assertEquals(Source.CREATED, cache.obtain("k", key -> "v").source());
    }

    @ParameterizedTest
    @EnumSource
    void whatWasCreatedIsFound(Combination tiers) {
        var cache = cache(tiers);
        cache.getOrCreate("k", key -> "v");
        boolean somewhere = tiers.local || tiers.spansProcesses();
        assertEquals(somewhere ? Optional.of("v") : Optional.empty(), cache.find("k"));
    }

    /** Its process is stopped when it has read the row, and goes on after others were told that nobody has it any more. */
    @Test
    void whatWasReadBeforeAStopIsKeptNoLongerForIt() {
        AtomicInteger stopsAt = new AtomicInteger(Integer.MAX_VALUE);
        TimeSource stopping = new RelayedTime(time) {
            @Override
            public long nanoTime() {
                if (stopsAt.decrementAndGet() == 0) {
                    time.advance(Duration.ofSeconds(10));
                }
                return super.nanoTime();
            }
        };
        Arbiter<String, String> read = new RelayedArbiter(table) {
            @Override
            public Optional<String> find(String key) {
                Optional<String> row = super.find(key);
                stopsAt.set(2);
                return row;
            }
        };
        GetOrCreateCache<String, String> cache = Combination.ALL
                .builder("find", store, read)
                .timeSource(stopping)
                .build();
        open.add(cache);
        table.put("k", "old");
        assertEquals(Optional.of("old"), cache.find("k"));
        if (stopsAt.getAndSet(Integer.MAX_VALUE) > 0) {
            time.advance(Duration.ofSeconds(10));
        }
        table.put("k", "new");
        assertEquals(new Outcome<>("new", Source.FOUND), cache.obtain("k", key -> "never"));
    }

    @Test
    void theLocalEntryAnswersWithoutAskingAnybody() {
        var cache = cache(Combination.ALL);
        cache.getOrCreate("k", key -> "v");
        store.faults().hold();
        long finds = table.finds();
        assertEquals(Optional.of("v"), cache.find("k"));
        assertEquals(finds, table.finds());
        assertEquals(1, cache.stats().answers(Source.LOCAL));
    }

    @Test
    void aSharedRecordIsFoundAndKeptLocallyAndTheArbiterIsNotAsked() {
        var cache = cache(Combination.ALL);
        foreign.publish("k", foreign.claim("k"), "theirs");
        assertEquals(Optional.of("theirs"), cache.find("k"));
        assertEquals(0, table.finds());
        assertEquals(Source.LOCAL, cache.obtain("k", key -> "never").source());
        foreign.invalidate("k");
        assertEquals(Optional.empty(), cache.find("k"), "the entry is fenced as any other");
    }

    @Test
    void aRowIsFoundAndNotPublishedAndKeptForMaxStaleness() {
        var cache = cache(Combination.ALL);
        table.put("k", "row");
        assertEquals(Optional.of("row"), cache.find("k"));
        assertEquals("nothing", foreign.record("k"));
        time.advance(Duration.ofSeconds(2).minus(MILLI));
        assertEquals(Source.LOCAL, cache.obtain("k", key -> "never").source());
        time.advance(MILLI);
        assertEquals(Source.FOUND, cache.obtain("k", key -> "never").source());
    }

    @Test
    void itDoesNotWaitForACreatorOfThisProcess() {
        var cache = cache(Combination.ALL);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        assertEquals(Optional.empty(), cache.find("k"));
        table.put("k", "row");
        assertEquals(Optional.of("row"), cache.find("k"));
        assertFalse(leader.isDone());
        gate.open();
        assertEquals(new Outcome<>("row", Source.ADOPTED), leader.answer());
        assertEquals("row", foreign.record("k"));
    }

    @Test
    void itDoesNotWaitForACreatorOfAnotherProcess() {
        var cache = cache(Combination.SHARED);
        foreign.claim("k");
        assertEquals(Optional.empty(), cache.find("k"));
        assertInstanceOf(Look.Held.class, foreign.look("k"));
    }

    @Test
    void whoeverMayCreateDoesNotWaitForAFindInProgress() {
        var cache = cache(Combination.LOCAL_ARBITER);
        Gate gate = new Gate();
        table.beforeFind(key -> gate.passWhateverHappens());
        Caller<Optional<String>> finder = Caller.start(() -> cache.find("k"));
        gate.awaitArrival();
        table.beforeFind(key -> {});
        assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        assertEquals("v", cache.obtainAsync("k", key -> "never").join().value());
        gate.open();
        assertEquals(Optional.of("v"), finder.answer());
        assertEquals(1, table.rows().size());
    }

    @Test
    void aFindThatWasOvertakenAnswersItsCallerAndDisturbsNoEntry() {
        var cache = cache(Combination.LOCAL_ARBITER);
        table.put("k", "row");
        Gate gate = new Gate();
        table.beforeFind(key -> gate.passWhateverHappens());
        Caller<Optional<String>> finder = Caller.start(() -> cache.find("k"));
        gate.awaitArrival();
        table.beforeFind(key -> {});
        assertEquals(new Outcome<>("row", Source.FOUND), cache.obtain("k", key -> "never"));
        gate.open();
        assertEquals(Optional.of("row"), finder.answer());
        assertEquals(new Outcome<>("row", Source.LOCAL), cache.obtain("k", key -> "never"));
        assertEquals(2, table.finds());
    }

    @Test
    void anArbiterThatFailsFailsTheFindAloneAndTheNextCallWorks() {
        var cache = cache(Combination.ALL);
        table.failNext(new IllegalStateException("no connection"));
        assertThrows(ArbiterFailedException.class, () -> cache.find("k"));
        assertEquals(Optional.empty(), cache.find("k"));
        assertEquals(Source.CREATED, cache.obtain("k", key -> "v").source());
    }

    @Test
    void anInvalidationWhileItReadsKeepsWhatItReadFromBeingKept() {
        var cache = cache(Combination.ALL);
        table.put("k", "old");
        table.beforeFind(key -> {
            table.beforeFind(again -> {});
            cache.invalidate("k");
        });
        assertEquals(Optional.of("old"), cache.find("k"));
        table.put("k", "new");
        assertEquals(Optional.of("new"), cache.find("k"));
    }
}
