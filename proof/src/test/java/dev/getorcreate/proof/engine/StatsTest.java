package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.CacheListener;
import dev.getorcreate.CacheStats;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.spi.Transactions;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What a cache says of itself, and that whoever hears it cannot harm it. */
@Timeout(120) // virtual time stands still where a test fails to move it
class StatsTest {

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis redis = new InMemoryRedis(time);
    private final InMemorySharedStore store = new InMemorySharedStore(redis);
    private final ForeignProcess foreign = new ForeignProcess(new InMemorySharedStore(redis), "stats");
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final List<String> heard = new CopyOnWriteArrayList<>();
    private final GetOrCreateCache<String, String> cache = open(new Recorder());

    private GetOrCreateCache<String, String> open(CacheListener listener) {
        return Combination.ALL
                .builder("stats", store, table)
                .timeSource(time)
                .listener(listener)
                .build();
    }

    @AfterEach
    void close() {
        cache.close();
    }

    /** Writes down what it hears. */
    private class Recorder implements CacheListener {
        @Override
        public void creatorRan(long nanos, boolean succeeded) {
            heard.add("creatorRan " + nanos + " " + succeeded);
        }

        @Override
        public void conflictAdopted() {
            heard.add("conflictAdopted");
        }

        @Override
        public void claimLost() {
            heard.add("claimLost");
        }

        @Override
        public void publishRejected() {
            heard.add("publishRejected");
        }

        @Override
        public void overdue() {
            heard.add("overdue");
        }

        @Override
        public void sharedStoreError(Throwable error) {
            heard.add("sharedStoreError " + error.getClass().getSimpleName());
        }

        @Override
        public void undecodable(String why) {
            heard.add("undecodable");
        }

        @Override
        public void invalidationUnconfirmed() {
            heard.add("invalidationUnconfirmed");
        }
    }

    @Test
    void answersAreCountedByTheirSource() {
        cache.getOrCreate("created", key -> "v");
        cache.getOrCreate("created", key -> "never");
        cache.getOrCreate("created", key -> "never");
        table.put("found", "row");
        cache.getOrCreate("found", key -> "never");
        foreign.publish("shared", foreign.claim("shared"), "theirs");
        cache.getOrCreate("shared", key -> "never");
        cache.getOrCreate("adopted", key -> {
            table.put(key, "winner");
            return "loser";
        });
        table.loseNextAnswer();
        cache.getOrCreate("recovered", key -> "v");
        assertThrows(
                IllegalStateException.class,
                () -> cache.getOrCreate("failed", key -> {
                    throw new IllegalStateException();
                }));
        CacheStats stats = cache.stats();
        assertEquals(1, stats.answers(Source.CREATED));
        assertEquals(2, stats.answers(Source.LOCAL));
        assertEquals(1, stats.answers(Source.FOUND));
        assertEquals(1, stats.answers(Source.SHARED));
        assertEquals(1, stats.answers(Source.ADOPTED));
        assertEquals(1, stats.answers(Source.RECOVERED));
        assertEquals(0, stats.answers(Source.WAITED));
        assertEquals(1, stats.conflictsAdopted());
        assertEquals(1, stats.failures());
        assertEquals(4, stats.creatorRuns());
        assertEquals(5, stats.localSize());
    }

    @Test
    void joinersAreCountedAsWaitedAndEachFailedCallerAsAFailure() {
        Gate gate = new Gate();
        Caller<String> leader = Caller.start(() -> cache.getOrCreate("k", key -> {
            gate.pass();
            throw new IllegalStateException();
        }));
        gate.awaitArrival();
        Caller<String> joiner = Caller.start(() -> cache.getOrCreate("k", key -> "never"));
        var async = cache.obtainAsync("k", key -> "never");
        Passing.asleep(time, 1);
        gate.open();
        leader.error(IllegalStateException.class);
        joiner.error(IllegalStateException.class);
        assertThrows(Exception.class, async::join);
        assertEquals(3, cache.stats().failures());

        Gate second = new Gate();
        Caller<String> good = Caller.start(() -> cache.getOrCreate("k", key -> {
            second.pass();
            return "v";
        }));
        second.awaitArrival();
        var waiting = cache.obtainAsync("k", key -> "never");
        second.open();
        good.answer();
        assertEquals(Source.WAITED, waiting.join().source());
        assertEquals(1, cache.stats().answers(Source.WAITED));
    }

    @Test
    void creatorsAreTimedAlsoThoseThatFail() {
        cache.getOrCreate("k", key -> {
            time.advance(Duration.ofNanos(70));
            return "v";
        });
        assertThrows(
                IllegalStateException.class,
                () -> cache.getOrCreate("bad", key -> {
                    time.advance(Duration.ofNanos(7));
                    throw new IllegalStateException();
                }));
        assertEquals(List.of("creatorRan 70 true", "creatorRan 7 false"), heard);
        assertEquals(77, cache.stats().creatorNanos());
        assertEquals(2, cache.stats().creatorRuns());
    }

    @Test
    void rareEventsAreCountedAndTold() {
        everyRareEvent(cache);
        CacheStats stats = cache.stats();
        assertEquals(1, stats.conflictsAdopted());
        assertEquals(2, stats.publishesRejected(), "the overdue one too: its claim was let go");
        assertEquals(1, stats.claimsLost());
        assertEquals(1, stats.overdue());
        assertEquals(1, stats.undecodable());
        assertEquals(1, stats.sharedStoreErrors());
        assertEquals(2, stats.invalidationsUnconfirmed());
        for (String event : List.of(
                "conflictAdopted",
                "claimLost",
                "overdue",
                "undecodable",
                "sharedStoreError SharedStoreUnavailableException")) {
            assertEquals(1, heard.stream().filter(event::equals).count(), () -> event + " in " + heard);
        }
        assertEquals(2, heard.stream().filter("publishRejected"::equals).count());
        assertEquals(2, heard.stream().filter("invalidationUnconfirmed"::equals).count());
    }

    @Test
    void whatATransactionInvalidatesIsPendingOnlyIfItIsAfterTheCommit() {
        for (boolean refused : new boolean[] {false, true}) {
            OneTransaction transaction = new OneTransaction();
            try (var joining = Combination.ALL
                    .builder("joining", store, transaction.joinedBy(table))
                    .timeSource(time)
                    .listener(new Recorder())
                    .build()) {
                joining.invalidate("k");
                assertEquals(0, joining.stats().invalidationsUnconfirmed(), "it is not committed yet");
                store.faults().unreachable(refused);
                transaction.end(Transactions.Completion.COMMITTED);
                store.faults().unreachable(false);
                assertEquals(refused ? 1 : 0, joining.stats().invalidationsUnconfirmed());
                assertEquals(refused ? List.of("invalidationUnconfirmed") : List.of(), heard);
            }
        }
    }

    private void everyRareEvent(GetOrCreateCache<String, String> cache) {
        assertEquals("winner", cache.getOrCreate("adopted", key -> {
            table.put(key, "winner");
            return "loser";
        }));
        assertEquals("v", cache.getOrCreate("rejected", key -> {
            foreign.invalidate(key);
            time.advance(Duration.ofSeconds(1)); // a renewal is refused on the way
            return "v";
        }));
        assertEquals("v", cache.getOrCreate("overdue", key -> {
            time.advance(Duration.ofSeconds(10));
            return "v";
        }));
        redis.put("stats", "undecodable".getBytes(StandardCharsets.UTF_8), new byte[] {1, 2, 3});
        assertEquals("v", cache.getOrCreate("undecodable", key -> "v"));
        store.faults().unreachable(true);
        assertEquals("v", cache.getOrCreate("down", key -> "v"));
        assertEquals(Invalidation.PENDING, cache.invalidate("down"));
        assertEquals(Invalidation.PENDING, cache.invalidateAll());
        store.faults().unreachable(false);
    }

    @Test
    void aListenerThatThrowsHarmsNothing() {
        cache.close();
        for (Throwable thrown : List.of(new IllegalStateException("a listener's"), new LinkageError("a listener's"))) {
            try (var told = open(new Thrower(thrown))) {
                everyRareEvent(told);
                assertEquals(1, told.stats().overdue());
                told.getOrCreate("after", key -> "v");
                assertEquals(new Outcome<>("v", Source.LOCAL), told.obtain("after", key -> "never"));
            }
            table.rows().keySet().forEach(table::delete);
            redis.flushAll();
        }
    }

    /** Throws whatever it hears. */
    private static final class Thrower implements CacheListener {

        private final Throwable thrown;

        Thrower(Throwable thrown) {
            this.thrown = thrown;
        }

        private void fail() {
            if (thrown instanceof Error error) {
                throw error;
            }
            throw (RuntimeException) thrown;
        }

        @Override
        public void creatorRan(long nanos, boolean succeeded) {
            fail();
        }

        @Override
        public void conflictAdopted() {
            fail();
        }

        @Override
        public void claimLost() {
            fail();
        }

        @Override
        public void publishRejected() {
            fail();
        }

        @Override
        public void overdue() {
            fail();
        }

        @Override
        public void sharedStoreError(Throwable error) {
            fail();
        }

        @Override
        public void undecodable(String why) {
            fail();
        }

        @Override
        public void invalidationUnconfirmed() {
            fail();
        }
    }

    @Test
    void theCacheKnowsItsName() {
        assertEquals("stats", cache.name());
    }

    @Test
    void aFindThatEndsWithAnExceptionIsAFailureToo() {
        table.beforeFind(key -> {
            throw new IllegalStateException("the database is away");
        });
        assertThrows(Exception.class, () -> cache.find("k"));
        assertEquals(1, cache.stats().failures());
    }
}
