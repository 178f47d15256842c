package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.WaitInterruptedException;
import dev.getorcreate.local.CaffeineLocal;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** An interrupt concerns the interrupted caller and nobody else. */
class InterruptsTest {

    private final WatchedTime time = new WatchedTime();
    private final GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("interrupts")
            .local(CaffeineLocal.defaults())
            .timeSource(time)
            .build();

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void anInterruptedLeaderLeavesItsJoinersToANewLeader() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "never";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> first = Caller.start(() -> cache.obtain("k", key -> "new"));
        Caller<Outcome<String>> second = Caller.start(() -> cache.obtain("k", key -> "new"));
        time.awaitWaiting(2);
        leader.interrupt();

        WaitInterruptedException e = leader.error(WaitInterruptedException.class);
        assertInstanceOf(InterruptedException.class, e.getCause());
        assertTrue(leader.keptItsInterruptFlag());
        assertEquals("new", first.answer().value());
        assertEquals("new", second.answer().value());
        assertEquals(2, cache.stats().creatorRuns());
    }

    @Test
    void whatAnInterruptedCreatorThrowsIsItsLeadersAlone() {
        Gate gate = new Gate();
        RuntimeException mine = new IllegalStateException("the driver's own way to say that it was interrupted");
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            try {
                gate.pass();
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw mine;
            }
            return "never";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "new"));
        time.awaitWaiting(1);
        leader.interrupt();

        assertSame(mine, leader.error(IllegalStateException.class));
        assertTrue(leader.keptItsInterruptFlag());
        assertEquals(new Outcome<>("new", Source.CREATED), joiner.answer());
    }

    @Test
    void anInterruptThatTheCreatorDoesNotNoticeChangesNothing() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.passWhateverHappens();
            return "v";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "new"));
        time.awaitWaiting(1);
        leader.interrupt();
        gate.open();

        assertEquals(new Outcome<>("v", Source.CREATED), leader.answer());
        assertTrue(leader.keptItsInterruptFlag());
        assertEquals(new Outcome<>("v", Source.WAITED), joiner.answer());
    }

    @Test
    void anInterruptedJoinerGoesAloneAndKeepsItsFlag() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> gone = Caller.start(() -> cache.obtain("k", key -> "never"));
        Caller<Outcome<String>> patient = Caller.start(() -> cache.obtain("k", key -> "never"));
        time.awaitWaiting(2);
        gone.interrupt();

        gone.error(WaitInterruptedException.class);
        assertTrue(gone.keptItsInterruptFlag());
        gate.open();
        assertEquals(Source.CREATED, leader.answer().source());
        assertEquals(new Outcome<>("v", Source.WAITED), patient.answer());
        assertEquals(1, cache.stats().creatorRuns());
    }

    @Test
    void aCallerThatComesInterruptedStillGetsWhatNeedsNoWait() {
        cache.getOrCreate("there", key -> "v");
        Caller<String> caller = Caller.start(() -> {
            Thread.currentThread().interrupt();
            return cache.getOrCreate("there", key -> "never") + cache.getOrCreate("k", key -> "w");
        });
        assertEquals("vw", caller.answer());
        assertTrue(caller.keptItsInterruptFlag());
    }
}
