package dev.getorcreate.testkit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTimeoutPreemptively;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.LocalStore;
import dev.getorcreate.spi.LocalTier;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** What every {@link LocalStore} promises. An adapter's test extends this and gives it its tier. */
// The store is opened before each test. Futures are what is stored here, and handed about.
@SuppressWarnings({"NullAway.Init", "FutureReturnValueIgnored"})
public abstract class LocalStoreContract {

    private static final int SIZE = 20;
    private static final Duration EXPIRY = Duration.ofMinutes(1);
    private static final Duration PATIENCE = Duration.ofSeconds(10);

    private VirtualTime time;
    private LocalStore<String, Object> store;

    /** For subclasses. */
    protected LocalStoreContract() {}

    /** A tier with these bounds. */
    protected abstract LocalTier newTier(long maximumSize, Duration expireAfterWrite);

    @BeforeEach
    void openStore() {
        time = new VirtualTime();
        store = newTier(SIZE, EXPIRY).open("contract", time);
    }

    @Test
    void theTierTellsHowLongEntriesMayBeServed() {
        assertEquals(EXPIRY, newTier(SIZE, EXPIRY).expireAfterWrite());
    }

    @Test
    void whereNothingSitsMineIsStartedAndOthersJoinIt() {
        CompletableFuture<Object> mine = new CompletableFuture<>();
        assertNull(store.peek("k"));
        assertSame(mine, store.joinOrStart("k", mine));
        assertSame(mine, store.peek("k"));
        assertSame(mine, store.joinOrStart("k", new CompletableFuture<>()));
        assertNull(store.peek("other"));
    }

    @Test
    void completingIsStoring() {
        CompletableFuture<Object> mine = started("k");
        mine.complete("value");
        assertSame(mine, store.peek("k"));
        assertSame(mine, store.joinOrStart("k", new CompletableFuture<>()));
        assertEquals("value", mine.join());
    }

    @Test
    void ofManyThatRaceOneIsStartedAndAllOthersJoinIt() throws Exception {
        int racers = 4;
        int keys = 5_000;
        ExecutorService threads = Executors.newFixedThreadPool(racers);
        try {
            for (int round = 0; round < 10; round++) {
                String prefix = "race " + round + " ";
                CyclicBarrier start = new CyclicBarrier(racers);
                Callable<List<CompletableFuture<Object>>> racer = () -> {
                    List<CompletableFuture<Object>> got = new ArrayList<>();
                    start.await();
                    for (int i = 0; i < keys; i++) {
                        got.add(store.joinOrStart(prefix + i, new CompletableFuture<>()));
                    }
                    return got;
                };
                List<List<CompletableFuture<Object>>> all = new ArrayList<>();
                for (Future<List<CompletableFuture<Object>>> each :
                        threads.invokeAll(Collections.nCopies(racers, racer))) {
                    all.add(each.get());
                }
                for (int i = 0; i < keys; i++) {
                    CompletableFuture<Object> sits = store.peek(prefix + i);
                    for (List<CompletableFuture<Object>> got : all) {
                        assertSame(sits, got.get(i), "all were given the one that sits there");
                    }
                }
                store.clear();
            }
        } finally {
            threads.shutdownNow();
        }
    }

    @Test
    void exactlyTheGivenFutureIsRemoved() {
        CompletableFuture<Object> mine = started("k");
        assertFalse(store.remove("k", new CompletableFuture<>()), "in flight, another one");
        assertSame(mine, store.peek("k"));
        mine.complete("value");
        assertFalse(store.remove("k", CompletableFuture.completedFuture("value")), "done, with an equal value");
        assertSame(mine, store.peek("k"));
        assertTrue(store.remove("k", mine));
        assertNull(store.peek("k"));
        assertFalse(store.remove("k", mine), "it is gone already");
        assertFalse(store.remove("nothing", mine));
    }

    @Test
    void whatWasRemovedInFlightIsNotStoredByItsCompletion() {
        CompletableFuture<Object> old = started("k");
        assertTrue(store.remove("k", old));
        old.complete("old");
        assertNull(store.peek("k"));
    }

    @Test
    void theCompletionOfWhatWasRemovedLeavesItsSuccessorAlone() {
        CompletableFuture<Object> old = started("k");
        assertTrue(store.remove("k", old));
        CompletableFuture<Object> next = started("k");
        old.complete("old");
        assertSame(next, store.peek("k"));
        assertFalse(store.remove("k", old));
        next.complete("new");
        assertSame(next, store.peek("k"));
    }

    @Test
    void whatIsInFlightIsNeitherEvictedNorExpiredHoweverManyThereAre() {
        List<CompletableFuture<Object>> flights = new ArrayList<>();
        for (int i = 0; i < 50 * SIZE; i++) {
            flights.add(started("flight " + i));
        }
        for (int i = 0; i < 5 * SIZE; i++) {
            started("done " + i).complete("value");
        }
        time.advance(EXPIRY.multipliedBy(10));
        awaitSize(50 * SIZE + SIZE, 50 * SIZE);
        for (int i = 0; i < flights.size(); i++) {
            assertSame(flights.get(i), store.peek("flight " + i));
        }
        // Completed late, it is a fresh entry.
        CompletableFuture<Object> last = flights.get(flights.size() - 1);
        last.complete("value");
        assertSame(last, store.peek("flight " + (flights.size() - 1)));
    }

    @Test
    void whatIsDoneIsBoundedInNumber() {
        for (int i = 0; i < 50 * SIZE; i++) {
            started("k" + i).complete("value");
        }
        awaitSize(SIZE, 1);
    }

    @Test
    void whatWasInFlightWhenItWasStartedIsBoundedOnceItIsDone() {
        List<CompletableFuture<Object>> flights = new ArrayList<>();
        for (int i = 0; i < 50 * SIZE; i++) {
            flights.add(started("k" + i));
        }
        flights.forEach(flight -> flight.complete("value"));
        awaitSize(SIZE, 1);
    }

    @Test
    void whatIsPastItsTimeFreesItsMemory() {
        for (int i = 0; i < SIZE; i++) {
            started("k" + i).complete("value");
        }
        time.advance(EXPIRY.multipliedBy(10));
        await("old entries are dropped").atMost(PATIENCE).until(() -> {
            // What a cache in use does anyway.
            CompletableFuture<Object> other = new CompletableFuture<>();
            CompletableFuture<Object> there = store.joinOrStart("another", other);
            store.remove("another", there);
            return store.size() <= 1;
        });
        for (int i = 0; i < SIZE; i++) {
            assertNull(store.peek("k" + i));
        }
    }

    @Test
    void anEntryWithinItsTimeStays() {
        CompletableFuture<Object> mine = started("k");
        time.advance(EXPIRY.multipliedBy(3));
        mine.complete("value");
        time.advance(EXPIRY.multipliedBy(9).dividedBy(10));
        started("another").complete("value");
        store.size();
        assertSame(mine, store.peek("k"), "its time counts from its completion");
    }

    @Test
    void clearingRemovesWhatIsDoneAndWhatIsInFlight() {
        CompletableFuture<Object> flight = started("flight");
        started("done").complete("value");
        store.clear();
        assertNull(store.peek("flight"));
        assertNull(store.peek("done"));
        assertEquals(0, store.size());
        flight.complete("value");
        assertNull(store.peek("flight"), "it is not stored by its completion");
    }

    @Test
    void nothingWaitsForWhatIsInFlight() {
        CompletableFuture<Object> flight = started("k");
        assertTimeoutPreemptively(PATIENCE, () -> {
            assertSame(flight, store.peek("k"));
            assertSame(flight, store.joinOrStart("k", new CompletableFuture<>()));
            assertFalse(store.remove("k", new CompletableFuture<>()));
            store.size();
            assertTrue(store.remove("k", flight));
            assertSame(flight, store.joinOrStart("k", flight));
            store.clear();
        });
    }

    @Test
    void aCompletionMayRemoveAndStartWithinItsOwnCallback() {
        CompletableFuture<Object> first = new CompletableFuture<>();
        CompletableFuture<Object> second = new CompletableFuture<>();
        CompletableFuture<Boolean> removed = first.thenApply(value -> store.remove("k", first));
        CompletableFuture<CompletableFuture<Object>> joined = removed.thenApply(done -> store.joinOrStart("k", second));
        store.joinOrStart("k", first);
        assertTimeoutPreemptively(PATIENCE, () -> first.complete("value"));
        assertTrue(removed.join());
        assertSame(second, joined.join());
        assertSame(second, store.peek("k"));
    }

    private CompletableFuture<Object> started(String key) {
        CompletableFuture<Object> mine = new CompletableFuture<>();
        assertSame(mine, store.joinOrStart(key, mine));
        return mine;
    }

    private void awaitSize(long atMost, long atLeast) {
        await("the store shrinks to its size").atMost(PATIENCE).until(() -> {
            long size = store.size();
            assertTrue(size >= atLeast, "it shrank too far, to " + size);
            return size <= atMost;
        });
    }
}
