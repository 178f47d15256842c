package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.WhenSharedDown;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** The one place at the arbiter, and calls that are late: who hangs in a creator has none, whoever it is nested in. */
@Timeout(120) // virtual time stands still where a test fails to move it
class PlacesTest {

    private static final Duration MAX_CREATION_TIME = Duration.ofSeconds(10);

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "places");
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final AtomicInteger inside = new AtomicInteger();
    private final AtomicInteger most = new AtomicInteger();

    private GetOrCreateCache<String, String> cache(Combination tiers) {
        return tiers.builder("places", store, table)
                .whenSharedDown(tiers.arbiter ? WhenSharedDown.FAIL : WhenSharedDown.CREATE)
                .maxCreationTime(MAX_CREATION_TIME)
                .waitTimeout(Duration.ofSeconds(15))
                .maxDirect(1)
                .executor(Runnable::run)
                .timeSource(time)
                .build();
    }

    private void held(Gate gate) {
        most.accumulateAndGet(inside.incrementAndGet(), Math::max);
        gate.passWhateverHappens();
        inside.decrementAndGet();
    }

    /** Nobody else comes: there is nothing to wait for but real time, and if somebody did, this would see it. */
    private void assertNeverMoreThanOne() {
        Awaitility.await().during(300, TimeUnit.MILLISECONDS).until(() -> most.get() == 1);
    }

    @Test
    void aCreationThatIsLateTakesNoPlaceFromWhatItAsksFor() {
        try (var cache = cache(Combination.ALL)) {
            store.faults().unreachable(true);
            Gate finding = new Gate();
            table.beforeFind(key -> {
                if (Set.of("nested", "queueing").contains(key)) {
                    held(finding);
                }
            });
            Caller<String> outer =
                    Caller.start(() -> cache.getOrCreate("outer", o -> cache.getOrCreate("nested", n -> n)));
            finding.awaitArrival();
            Caller<String> queueing = Caller.start(() -> cache.getOrCreate("queueing", q -> q));
            Passing.asleep(time, 1);
            time.advance(MAX_CREATION_TIME);
            assertNeverMoreThanOne();
            finding.open();
            assertEquals("nested", outer.answer());
            assertEquals("queueing", queueing.answer());
            assertEquals(1, most.get());
        }
    }

    @Test
    void aCreatorThatBecameLateWhileItSleptComesBackToNoPlace() {
        try (var cache = cache(Combination.LOCAL_SHARED)) {
            store.faults().unreachable(true);
            Gate asking = new Gate();
            Gate creating = new Gate();
            Gate hanging = new Gate();
            Caller<String> hangs = Caller.start(() -> cache.getOrCreate("a", a -> {
                asking.pass();
                String b = cache.getOrCreate("b", key -> "never");
                hanging.pass();
                return a + b;
            }));
            asking.awaitArrival();
            time.advance(Duration.ofSeconds(5));
            Caller<String> other = Caller.start(() -> cache.getOrCreate("b", b -> {
                creating.pass();
                return b;
            }));
            Passing.asleep(time, 1);
            asking.open();
            creating.awaitArrival();
            Passing.asleep(time, 1);
            time.advance(Duration.ofSeconds(5));
            creating.open();
            hanging.awaitArrival();
            assertEquals("b", other.answer());
            assertEquals("c", Caller.start(() -> cache.getOrCreate("c", c -> c)).answer());
            hanging.open();
            assertEquals("ab", hangs.answer());
            assertEquals("d", cache.getOrCreate("d", d -> d));
        }
    }

    @Test
    void aCreatorWhoseFindTookAllItsTimeBeginsWithoutAPlace() {
        try (var cache = cache(Combination.SHARED_ARBITER)) {
            foreign.claim("a");
            Gate hanging = new Gate();
            table.beforeFind(key -> {
                if (key.equals("a")) {
                    time.advance(MAX_CREATION_TIME);
                }
            });
            Caller<String> hangs = Caller.start(() -> cache.getOrCreate("a", a -> {
                hanging.pass();
                return a;
            }));
            Passing.asleep(time, 1);
            time.advance(Duration.ofSeconds(15));
            hanging.awaitArrival();
            store.faults().unreachable(true);
            assertEquals("b", Caller.start(() -> cache.getOrCreate("b", b -> b)).answer());
            hanging.open();
            assertEquals("a", hangs.answer());
        }
    }

    @Test
    void whoseTimeIsOverAndWhoseCreatorWasLateWaitsForAPlaceBeforeItInserts() {
        try (var cache = cache(Combination.SHARED_ARBITER)) {
            foreign.claim("a");
            foreign.claim("b");
            Gate creating = new Gate();
            Gate inserting = new Gate();
            table.beforeInsert(key -> held(inserting));
            Caller<String> late = Caller.start(() -> cache.getOrCreate("a", a -> {
                creating.pass();
                return a;
            }));
            Passing.by(time, MAX_CREATION_TIME, 1);
            Caller<String> next = Caller.start(() -> cache.getOrCreate("b", b -> b));
            Passing.by(time, Duration.ofSeconds(5), 2);
            creating.awaitArrival();
            Passing.by(time, MAX_CREATION_TIME, 1);
            inserting.awaitArrival();
            creating.open();
            assertNeverMoreThanOne();
            inserting.open();
            assertEquals("a", late.answer());
            assertEquals("b", next.answer());
            assertEquals(1, most.get());
        }
    }

    /** Its callback runs on the clock's thread here, and needs the place. */
    @Test
    void whoIsLetGoByOneThatIsLateFindsItsPlaceFree() throws Exception {
        try (var cache = cache(Combination.LOCAL_SHARED)) {
            store.faults().unreachable(true);
            Gate hanging = new Gate();
            Caller<String> hangs = Caller.start(() -> cache.getOrCreate("a", a -> {
                hanging.pass();
                return a;
            }));
            hanging.awaitArrival();
            var joined = cache.obtainAsync("a", a -> "mine");
            Caller<String> clock = Caller.start(() -> {
                time.advance(MAX_CREATION_TIME);
                return "passed";
            });
            assertEquals("mine", joined.get(20, TimeUnit.SECONDS).value());
            assertEquals("passed", clock.answer());
            hanging.open();
            assertEquals("a", hangs.answer());
        }
    }

    /** The other cache's database hangs; this one has none. */
    @Test
    void whoWaitsToInsertLendsItsPlacesAtOtherCaches() {
        try (var creating = cache(Combination.LOCAL_SHARED);
                var inserting = Combination.ALL
                        .builder("places-inserting", store, table)
                        .maxDirect(1)
                        .timeSource(time)
                        .build()) {
            store.faults().unreachable(true);
            Gate created = new Gate();
            Gate hanging = new Gate();
            table.beforeFind(key -> {
                if (key.equals("hangs")) {
                    hanging.passWhateverHappens();
                }
            });
            Caller<String> outer = Caller.start(() -> creating.getOrCreate(
                    "a",
                    a -> inserting.getOrCreate("b", b -> {
                        created.pass();
                        return b;
                    })));
            created.awaitArrival();
            Caller<String> hangs = Caller.start(() -> inserting.getOrCreate("hangs", h -> h));
            hanging.awaitArrival();
            created.open();
            Passing.asleep(time, 1);
            assertEquals(
                    "c", Caller.start(() -> creating.getOrCreate("c", c -> c)).answer());
            hanging.open();
            assertEquals("b", outer.answer());
            assertEquals("hangs", hangs.answer());
        }
    }

    @Test
    void whoseTimeIsOverAndWhoAsksForAnotherKeyWaitsForItsPlaceAllTheSame() {
        try (var cache = cache(Combination.SHARED_ARBITER)) {
            for (String key : new String[] {"a", "b", "nested"}) {
                foreign.claim(key);
            }
            Gate creating = new Gate();
            Gate finding = new Gate();
            table.beforeFind(key -> {
                if (!key.equals("a")) {
                    held(finding);
                }
            });
            Caller<String> first = Caller.start(() -> cache.getOrCreate("a", a -> {
                creating.pass();
                return cache.getOrCreate("nested", n -> n);
            }));
            Passing.by(time, Duration.ofSeconds(1), 1);
            Caller<String> second = Caller.start(() -> cache.getOrCreate("b", b -> b));
            Passing.by(time, Duration.ofSeconds(14), 2);
            creating.awaitArrival();
            Passing.by(time, Duration.ofSeconds(1), 1);
            Passing.asleep(time, 1);
            creating.open();
            finding.awaitArrival();
            assertNeverMoreThanOne();
            finding.open();
            assertEquals("nested", first.answer());
            assertEquals("b", second.answer());
            assertEquals(1, most.get());
        }
    }
}
