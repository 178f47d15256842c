package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.getorcreate.Arbiter;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import dev.getorcreate.Ruling;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import dev.getorcreate.testkit.WireFaults;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** I4: no value that was read before an invalidation is seen by a call that begins after it, nor kept anywhere. */
@Timeout(120) // virtual time stands still where a test fails to move it
class InvalidationTest {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "inv");
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final List<GetOrCreateCache<?, ?>> open = new ArrayList<>();

    @AfterEach
    void close() {
        open.forEach(GetOrCreateCache::close);
    }

    private GetOrCreateCache<String, String> cache(Combination tiers) {
        GetOrCreateCache<String, String> cache =
                tiers.builder("inv", store, table).timeSource(time).build();
        open.add(cache);
        return cache;
    }

    /** With an arbiter the record is changed as users are told to: in the table, and then invalidated. */
    private void change(Combination tiers, String value) {
        if (tiers.arbiter) {
            table.put("k", value);
        }
    }

    @ParameterizedTest
    @EnumSource
    void afterItTheNextCallResolvesAgain(Combination tiers) {
        var cache = cache(tiers);
        cache.getOrCreate("k", key -> "old");
        change(tiers, "new");
        assertEquals(Invalidation.CONFIRMED, cache.invalidate("k"));
        assertEquals("new", cache.getOrCreate("k", key -> "new"));
        assertEquals("new", cache.getOrCreate("k", key -> "never"));
    }

    @ParameterizedTest
    @EnumSource
    void afterOneOfAllTheNextCallResolvesAgain(Combination tiers) {
        var cache = cache(tiers);
        cache.getOrCreate("k", key -> "old");
        change(tiers, "new");
        assertEquals(Invalidation.CONFIRMED, cache.invalidateAll());
        assertEquals("new", cache.getOrCreate("k", key -> "new"));
        assertEquals("new", cache.getOrCreate("k", key -> "never"));
    }

    @ParameterizedTest
    @EnumSource
    void aCallAfterItNeverJoinsAFlightFromBeforeIt(Combination tiers) {
        var cache = cache(tiers);
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "old";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "old joiner's"));
        Passing.asleep(time, 1);

        change(tiers, "new");
        assertEquals(Invalidation.CONFIRMED, cache.invalidate("k"));
        Outcome<String> after = cache.obtain("k", key -> "new");
        assertEquals(new Outcome<>("new", tiers.arbiter ? Source.FOUND : Source.CREATED), after);
        assertFalse(leader.isDone());

        gate.open();
        // Who asked before gets what the old flight comes to: there it is refused by the row, or by the new record.
        String late = tiers.arbiter || tiers.shared ? "new" : "old";
        assertEquals(late, leader.answer().value());
        assertEquals(new Outcome<>(late, Source.WAITED), joiner.answer());

        assertEquals("new", cache.getOrCreate("k", key -> "never"), "what was late is not kept here");
        if (tiers.shared) {
            assertEquals("new", foreign.record("k"), "nor there");
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"ALL", "SHARED_ARBITER", "LOCAL_ARBITER"})
    void aRowReadBeforeItIsKeptNowhere(Combination tiers) {
        table.put("k", "old");
        Gate gate = new Gate();
        GetOrCreateCache<String, String> cache = tiers.builder("inv", store, new Slow(table, gate))
                .timeSource(time)
                .build();
        open.add(cache);
        Caller<Outcome<String>> reader = Caller.start(() -> cache.obtain("k", key -> "never"));
        gate.awaitArrival();
        table.put("k", "new");
        cache.invalidate("k");
        gate.open();
        assertEquals(new Outcome<>("old", Source.FOUND), reader.answer(), "it asked before");
        assertEquals(new Outcome<>("new", Source.FOUND), cache.obtain("k", key -> "never"));
    }

    /** Reads the row, and then takes its time. */
    private record Slow(InMemoryArbiter<String, String> table, Gate gate) implements Arbiter<String, String> {
        @Override
        public Optional<String> find(String key) {
            Optional<String> row = table.find(key);
            gate.passWhateverHappens();
            return row;
        }

        @Override
        public Ruling<String> insert(String key, String candidate) {
            return table.insert(key, candidate);
        }
    }

    @Test
    void anotherProcesssInvalidationRemovesTheLocalEntry() {
        var cache = cache(Combination.ALL);
        cache.getOrCreate("k", key -> "old");
        assertEquals(Source.LOCAL, cache.obtain("k", key -> "never").source());
        table.put("k", "new");
        foreign.invalidate("k");
        assertEquals(new Outcome<>("new", Source.FOUND), cache.obtain("k", key -> "never"));
    }

    @Test
    void aChangeToldAfterTheReplyAndBeforeTheCallerWakesIsNotSleptOver() {
        var cache = cache(Combination.ALL);
        foreign.publish("k", foreign.claim("k"), "old");
        table.put("k", "new");
        store.faults().beforeWake(() -> foreign.invalidate("k"));
        assertEquals(new Outcome<>("old", Source.SHARED), cache.obtain("k", key -> "never"), "it asked before");
        assertEquals(new Outcome<>("new", Source.FOUND), cache.obtain("k", key -> "never"));
    }

    @Test
    void afterAChangeIsToldNobodyJoinsTheFlightThatReadBeforeIt() {
        var cache = cache(Combination.ALL);
        foreign.publish("k", foreign.claim("k"), "old");
        table.put("k", "new");
        AtomicReference<CompletableFuture<Outcome<String>>> after = new AtomicReference<>();
        store.faults().beforeWake(() -> {
            foreign.invalidate("k");
            after.set(Caller.start(() -> cache.obtainAsync("k", key -> "never")).answer());
        });
        assertEquals(new Outcome<>("old", Source.SHARED), cache.obtain("k", key -> "never"), "it asked before");
        assertEquals(new Outcome<>("new", Source.FOUND), after.get().join());
    }

    @Test
    void whileTheSharedStoreIsAwayItIsPendingAndTheEntryIsForgottenHereAtOnce() {
        var cache = cache(Combination.ALL);
        cache.getOrCreate("k", key -> "old");
        table.put("k", "new");
        store.faults().unreachable(true);
        assertEquals(Invalidation.PENDING, cache.invalidate("k"));
        assertEquals(new Outcome<>("new", Source.FOUND), cache.obtain("k", key -> "never"));
        store.faults().unreachable(false);
        time.advance(Duration.ofSeconds(2)); // what was found meanwhile is kept no longer
        assertEquals("new", cache.getOrCreate("k", key -> "never"));
        assertEquals("new", foreign.record("k"));
    }

    @Test
    void withoutAConnectionNoEntryOfItIsServed() {
        var cache = cache(Combination.ALL);
        cache.getOrCreate("k", key -> "old");
        store.faults().loseConnection();
        table.put("k", "new");
        foreign.invalidate("k");
        assertEquals("new", cache.getOrCreate("k", key -> "never"));
    }

    @Test
    void anEntryIsServedNoLongerThanMaxStalenessIfPushesAreLost() {
        var cache = cache(Combination.ALL);
        cache.getOrCreate("k", key -> "old");
        store.faults().hold(); // the connection is dead and does not say so
        table.put("k", "new");
        foreign.invalidate("k");
        time.advance(Duration.ofMillis(1_999));
        assertEquals(new Outcome<>("old", Source.LOCAL), cache.obtain("k", key -> "never"));
        time.advance(Duration.ofMillis(1));
        Caller<Outcome<String>> caller = Caller.start(() -> cache.obtain("k", key -> "never"));
        Passing.asleep(time, 1);
        time.advance(Duration.ofMillis(250)); // commandTimeout
        assertEquals(new Outcome<>("new", Source.FOUND), caller.answer());
    }

    @ParameterizedTest
    @EnumSource
    void anInvalidationWhoseReplyWasLostIsPendingAndSentAgainBeforeAnythingIsRead(WireFaults.Loss when) {
        var cache = cache(Combination.ALL);
        cache.getOrCreate("k", key -> "old");
        table.put("k", "new");
        store.faults().loseAtNextCommand(when);
        assertEquals(Invalidation.PENDING, cache.invalidate("k"));
        assertEquals("new", cache.getOrCreate("k", key -> "never"));
    }

    @Test
    void aFlightThatBeginsWhileItIsBeingSentLeavesNothingBehindEitherWhereNobodyTellsOfChanges() {
        AtomicReference<Runnable> beforeSending = new AtomicReference<>(() -> {});
        KeyCodec<String> keys = KeyCodec.text(
                key -> {
                    beforeSending.getAndSet(() -> {}).run();
                    return key;
                },
                text -> text);
        GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("inv")
                .local(CaffeineLocal.defaults())
                .shared(store, keys, Codec.string())
                .timeToLive(Duration.ofMinutes(5))
                .timeSource(time)
                .build();
        open.add(cache);
        foreign.publish("k", foreign.claim("k"), "old");
        store.faults().dropPushes(true);
        beforeSending.set(() -> assertEquals(
                Source.SHARED,
                Caller.start(() -> cache.obtain("k", key -> "never")).answer().source()));
        assertEquals(Invalidation.CONFIRMED, cache.invalidate("k"));
        assertEquals("new", cache.getOrCreate("k", key -> "new"));
    }

    @Test
    void aFlightThatBeginsWhileAllAreBeingInvalidatedLeavesNothingBehindEither() {
        AtomicReference<Runnable> beforeSending = new AtomicReference<>(() -> {});
        LocalTier local = new RelayedTier(CaffeineLocal.defaults(), (called, real) -> {
            Object answer = real.invoke();
            if (called.equals("clear")) {
                beforeSending.getAndSet(() -> {}).run();
            }
            return answer;
        });
        GetOrCreateCache<String, String> cache = Combination.LOCAL_SHARED
                .builder("inv", store, table)
                .local(local)
                .timeSource(time)
                .build();
        open.add(cache);
        foreign.publish("k", foreign.claim("k"), "old");
        store.faults().dropPushes(true);
        beforeSending.set(() -> assertEquals(
                Source.SHARED,
                Caller.start(() -> cache.obtain("k", key -> "never")).answer().source()));
        assertEquals(Invalidation.CONFIRMED, cache.invalidateAll());
        assertEquals("new", cache.getOrCreate("k", key -> "new"));
    }
}
