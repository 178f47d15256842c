package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.CacheListener;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** A record that the shared store takes none so large of answers its callers, and is cached nowhere. */
@Timeout(120) // virtual time stands still where a test fails to move it
class OversizedTest {

    private static final String LARGE = "x".repeat(200);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final AtomicInteger runs = new AtomicInteger();
    private final AtomicInteger told = new AtomicInteger();

    private GetOrCreateCache<String, String> process(Combination tiers) {
        InMemorySharedStore store = new InMemorySharedStore(redis);
        store.maxPayload(100);
        return tiers.builder("large", store, table)
                .timeSource(time)
                .listener(new CacheListener() {
                    @Override
                    public void oversized() {
                        told.incrementAndGet();
                    }
                })
                .build();
    }

    private String create(String key) {
        runs.incrementAndGet();
        return LARGE;
    }

    @ParameterizedTest
    @EnumSource(names = {"SHARED", "LOCAL_SHARED", "SHARED_ARBITER", "ALL"})
    void itIsReturnedAfterOneRunOfTheCreatorAndCachedNowhere(Combination tiers) {
        try (GetOrCreateCache<String, String> cache = process(tiers)) {
            assertEquals(new Outcome<>(LARGE, Source.CREATED), cache.obtain("k", this::create));
            assertEquals(1, runs.get());
            assertEquals(1, cache.stats().oversized());
            assertEquals(1, told.get());
            assertEquals(0, cache.stats().publishesRejected());
            assertEquals(0, cache.stats().localSize());
            assertEquals(0, redis.rawKeys().size(), "neither the record nor the claim stands there");
            Source again = tiers.arbiter ? Source.FOUND : Source.CREATED;
            assertEquals(new Outcome<>(LARGE, again), cache.obtain("k", this::create), "it is made or found anew");
            assertEquals(new Outcome<>("small", Source.CREATED), cache.obtain("other", key -> "small"));
            assertEquals(2, cache.stats().oversized());
        }
    }

    @Test
    void itAnswersThoseWhoJoinedItsFlight() {
        try (GetOrCreateCache<String, String> cache = process(Combination.LOCAL_SHARED)) {
            Gate gate = new Gate();
            Caller<String> leader = Caller.start(() -> cache.getOrCreate("k", key -> {
                gate.pass();
                return create(key);
            }));
            gate.awaitArrival();
            Caller<String> joiner = Caller.start(() -> cache.getOrCreate("k", this::create));
            Passing.asleep(time, 1);
            gate.open();
            assertEquals(LARGE, leader.answer());
            assertEquals(LARGE, joiner.answer());
            assertEquals(1, runs.get());
        }
    }

    @Test
    void thoseWhoWaitInOtherProcessesGoOnAtOnce() {
        try (GetOrCreateCache<String, String> one = process(Combination.LOCAL_SHARED);
                GetOrCreateCache<String, String> two = process(Combination.LOCAL_SHARED)) {
            Gate gate = new Gate();
            Caller<String> leader = Caller.start(() -> one.getOrCreate("k", key -> {
                gate.pass();
                return create(key);
            }));
            gate.awaitArrival();
            Caller<String> waiter = Caller.start(() -> two.getOrCreate("k", this::create));
            Passing.asleep(time, 1);
            long before = time.nanoTime();
            gate.open();
            assertEquals(LARGE, leader.answer());
            assertEquals(LARGE, waiter.answer());
            assertEquals(Duration.ZERO, Duration.ofNanos(time.nanoTime() - before), "no lease was waited for");
            assertEquals(2, runs.get());
        }
    }
}
