package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Vouch;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What the twin can do that a real server cannot be made to do at will, exactly, in virtual time. */
class InMemoryFaultsTest {

    private static final Duration LEASE = Duration.ofSeconds(2);
    private static final Duration STALENESS = Duration.ofSeconds(2);
    private static final Duration COMMAND = Duration.ofMillis(250);
    private static final Duration PATIENCE = Duration.ofSeconds(10);
    private static final Executor THREADS = task -> {
        Thread thread = new Thread(task, "asker");
        thread.setDaemon(true);
        thread.start();
    };

    private final VirtualTime time = new VirtualTime();
    private final InMemoryRedis server = new InMemoryRedis(time);
    private final InMemorySharedStore firstStore = new InMemorySharedStore(server, STALENESS, COMMAND);
    private final InMemorySharedStore secondStore = new InMemorySharedStore(server, STALENESS, COMMAND);
    private final Peer first = new Peer(firstStore, "c", "utf8", time, THREADS);
    private final Peer second = new Peer(secondStore, "c", "utf8", time, THREADS);

    @AfterEach
    void close() {
        firstStore.close();
        secondStore.close();
    }

    @Test
    void aChangeCanBeToldAfterTheReplyAndBeforeTheAskerGoesOn() {
        first.create("k", "old");
        second.told.clear();
        secondStore.faults().beforeWake(() -> first.space.invalidate("k"));
        assertEquals("old", second.present("k"), "the asker still has the old value in hand");
        assertEquals(List.of("answered k", "changed k"), second.told);
    }

    @Test
    void whatIsHeldArrivesLaterAndInOrder() throws Exception {
        first.create("k", "old");
        second.told.clear();
        secondStore.faults().hold();
        CompletableFuture<String> look = CompletableFuture.supplyAsync(() -> second.present("k"), THREADS);
        time.awaitWaiting(1, PATIENCE);
        first.space.invalidate("k");
        assertEquals(List.of(), second.told);
        secondStore.faults().release();
        assertEquals("old", look.get(10, TimeUnit.SECONDS));
        assertEquals(List.of("answered k", "changed k"), second.told);
    }

    @Test
    void aCommandTimesOutExactlyAndItsLateReplyIsNotTold() {
        first.create("k", "v");
        second.look("other");
        second.told.clear();
        secondStore.faults().hold();
        CompletableFuture<Look> look = CompletableFuture.supplyAsync(() -> second.look("k"), THREADS);
        time.awaitWaiting(1, PATIENCE);
        time.advance(COMMAND.minusNanos(1));
        assertFalse(look.isDone());
        time.advance(Duration.ofNanos(1));
        assertUnavailable(look);
        secondStore.faults().release();
        assertEquals(List.of(), second.told);
    }

    @Test
    void aClaimWhoseReplyWasLostStandsUntilItsLeaseEnds() {
        Claim claim = first.newClaim(LEASE);
        firstStore.faults().loseAtNextCommand(WireFaults.Loss.AFTER_EFFECT);
        assertThrows(
                SharedStoreUnavailableException.class, () -> first.space.claim("k", claim, null, first.watch("k")));
        assertEquals(claim.token(), second.held("k").token());
        time.advance(LEASE.minusNanos(1));
        assertEquals(claim.token(), second.held("k").token(), "nobody renews it");
        time.advance(Duration.ofNanos(1));
        assertInstanceOf(Look.Nothing.class, second.look("k"));
    }

    @Test
    void aClaimThatNeverReachedTheServerDoesNotStand() {
        firstStore.faults().loseAtNextCommand(WireFaults.Loss.BEFORE_EFFECT);
        assertThrows(
                SharedStoreUnavailableException.class,
                () -> first.space.claim("k", first.newClaim(LEASE), null, first.watch("k")));
        assertInstanceOf(Look.Nothing.class, second.look("k"));
    }

    @Test
    void anExpiryIsToldOnlyWhenSomethingTouchesTheKey() {
        Claim claim = first.claim("k", LEASE);
        assertEquals(claim.token(), second.held("k").token());
        firstStore.close();
        time.advance(LEASE.multipliedBy(10));
        assertEquals(List.of(), second.told);
        assertEquals(0, server.rawKeys().size());
        second.look("k");
        assertEquals(List.of("changed k"), second.told);
    }

    @Test
    void anExpiryIsToldAtOnceWhereTheServerIsIdle() {
        server.expireActively(true);
        first.claim("k", LEASE);
        second.held("k");
        firstStore.close();
        time.advance(LEASE.plusMillis(1));
        assertEquals(List.of("changed k"), second.told);
    }

    @Test
    void withoutPushOrPollASleeperWakesWhenTheDeadHoldersLeaseEnds() throws Exception {
        secondStore.polling(false);
        first.claim("k", LEASE);
        time.advance(LEASE.dividedBy(2));
        firstStore.close(); // last renewed at a third of the lease
        CompletableFuture<Look> sleep = second.sleepOn("k", second.held("k"), Duration.ofHours(1));
        time.awaitWaiting(1, PATIENCE);
        time.advance(LEASE.multipliedBy(5).dividedBy(6).minusMillis(1));
        assertFalse(sleep.isDone());
        time.advance(Duration.ofMillis(2));
        assertInstanceOf(Look.Nothing.class, sleep.get(10, TimeUnit.SECONDS));
        assertEquals(0, second.space.pollsThatFound());
    }

    @Test
    void aSilentConnectionsWordEndsAfterMaxStalenessAtTheLatest() {
        first.create("k", "v");
        Vouch vouch = first.vouch();
        time.advance(STALENESS.multipliedBy(5));
        assertTrue(vouch.servableUntil() > time.nanoTime());
        firstStore.faults().hold();
        time.advance(STALENESS);
        assertTrue(vouch.servableUntil() <= time.nanoTime());
        firstStore.faults().release();
        assertTrue(vouch.servableUntil() > time.nanoTime(), "a reply that was late counts from its question");
    }

    @Test
    void anInvalidationIsSentAlsoWhileAnEarlierOneIsOnItsWay() throws Exception {
        first.create("k", "1");
        firstStore.faults().hold();
        CompletableFuture<Invalidation> earlier =
                CompletableFuture.supplyAsync(() -> first.space.invalidate("k"), THREADS);
        time.awaitWaiting(1, PATIENCE);
        second.create("k", "2");
        CompletableFuture<Invalidation> later =
                CompletableFuture.supplyAsync(() -> first.space.invalidate("k"), THREADS);
        time.awaitWaiting(2, PATIENCE);
        second.create("k", "3");
        firstStore.faults().release();
        assertEquals(Invalidation.CONFIRMED, earlier.get(10, TimeUnit.SECONDS));
        assertEquals(Invalidation.CONFIRMED, later.get(10, TimeUnit.SECONDS));
        assertEquals("3", second.present("k"), "written after the later one");
    }

    private static void assertUnavailable(CompletableFuture<?> asked) {
        Exception e = assertThrows(ExecutionException.class, () -> asked.get(10, TimeUnit.SECONDS));
        Throwable cause = e.getCause() instanceof CompletionException wrapped ? wrapped.getCause() : e.getCause();
        assertInstanceOf(SharedStoreUnavailableException.class, cause);
    }
}
