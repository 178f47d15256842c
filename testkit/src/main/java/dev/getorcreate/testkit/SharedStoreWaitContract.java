package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheClosedException;
import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The part of {@link SharedStoreContract} about sleeping on somebody else's claim. */
abstract class SharedStoreWaitContract extends SharedStoreClaimContract {

    @Test
    void aSleeperIsWokenByThePublishWithTheRecord() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        int rounds = 15;
        for (int i = 0; i < rounds; i++) {
            String key = "k" + i;
            Claim claim = holder.claim(key, LONG);
            CompletableFuture<Look> sleep = waiter.sleepOn(key, waiter.held(key), LONG);
            if (i == 0) {
                letFallAsleep(sleep);
            }
            assertTrue(holder.publish(key, claim, "value"));
            assertEquals("value", Peer.text(soon(sleep)));
        }
        assertTrue(waiter.told.contains("answered k0"), "a record that was waited for may be kept");
        // A poll may be lucky now and then; if it is needed all the time, nothing is told.
        assertTrue(waiter.space.pollsThatFound() <= rounds / 3, "polls found " + waiter.space.pollsThatFound());
    }

    @Test
    void aSleeperIsWokenByTheRelease() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        int rounds = 15;
        for (int i = 0; i < rounds; i++) {
            String key = "k" + i;
            Claim claim = holder.claim(key, LONG);
            CompletableFuture<Look> sleep = waiter.sleepOn(key, waiter.held(key), LONG);
            holder.space.release(key, claim, null);
            assertNothing(soon(sleep));
        }
        assertTrue(waiter.space.pollsThatFound() <= rounds / 3, "polls found " + waiter.space.pollsThatFound());
    }

    @Test
    void aSleeperOfTheHoldersOwnProcessIsWokenToo() throws Exception {
        Peer peer = process();
        Claim claim = peer.claim("k", LONG);
        CompletableFuture<Look> sleep = peer.sleepOn("k", peer.held("k"), LONG);
        letFallAsleep(sleep);
        assertTrue(peer.publish("k", claim, "value"));
        assertEquals("value", Peer.text(soon(sleep)));
    }

    @Test
    void aSleeperIsWokenByAnInvalidationAndByAFlush() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        holder.claim("invalidated", LONG);
        CompletableFuture<Look> first = waiter.sleepOn("invalidated", waiter.held("invalidated"), LONG);
        letFallAsleep(first);
        assertEquals(Invalidation.CONFIRMED, holder.space.invalidate("invalidated"));
        assertNothing(soon(first));
        holder.claim("flushed", LONG);
        CompletableFuture<Look> second = waiter.sleepOn("flushed", waiter.held("flushed"), LONG);
        letFallAsleep(second);
        harness.flushAll();
        assertNothing(soon(second));
    }

    @Test
    void aChangeBetweenLookAndSleepIsNotSleptOver() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        Claim claim = holder.claim("k", LONG);
        Look.Held held = waiter.held("k");
        assertTrue(holder.publish("k", claim, "value"));
        eventually("the change is told", () -> waiter.told.contains("changed k"));
        assertEquals("value", Peer.text(soon(waiter.sleepOn("k", held, LONG))));
        assertEquals(0, waiter.space.pollsThatFound(), "no poll was needed");
    }

    @Test
    void theClaimOfADeadProcessEndsWithItsLeaseAndTheSleeperNotices() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        holder.claim("k", LEASE);
        Look.Held held = waiter.held("k");
        CompletableFuture<Look> sleep = waiter.sleepOn("k", held, LONG);
        letFallAsleep(sleep);
        long killed = System.nanoTime();
        harness.kill(holder.store);
        assertNothing(soon(sleep));
        Duration took = Duration.ofNanos(System.nanoTime() - killed);
        assertTrue(took.compareTo(LEASE.multipliedBy(2).plusSeconds(5)) < 0, "about one lease, not " + took);
        waiter.create("k", "successor");
    }

    @Test
    void renewalsDoNotEndTheSleepOnlyItsTimeDoes() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        Claim claim = holder.claim("k", LEASE);
        long start = System.nanoTime();
        Look look = soon(waiter.sleepOn("k", waiter.held("k"), LEASE.multipliedBy(2)));
        assertEquals(claim.token(), assertInstanceOf(Look.Held.class, look).token());
        Duration slept = Duration.ofNanos(System.nanoTime() - start);
        assertTrue(slept.compareTo(LEASE.multipliedBy(2).minusMillis(50)) > 0, "slept only " + slept);
    }

    @Test
    void aClaimThatChangedHandsEndsTheSleepAndALaterShorterLeaseIsNotSleptOver() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        Claim first = holder.claim("k", LONG);
        Look.Held held = waiter.held("k");
        holder.space.invalidate("k");
        Claim second = holder.claim("k", LEASE);
        eventually("the change is told", () -> waiter.told.contains("changed k"));
        Look.Held now = assertInstanceOf(Look.Held.class, soon(waiter.sleepOn("k", held, LONG)));
        assertEquals(first.token(), held.token());
        assertEquals(second.token(), now.token());
        CompletableFuture<Look> sleep = waiter.sleepOn("k", now, LONG);
        letFallAsleep(sleep);
        harness.kill(holder.store);
        assertNothing(soon(sleep));
    }

    @Test
    void anInterruptEndsTheSleep() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        holder.claim("k", LONG);
        Look.Held held = waiter.held("k");
        CompletableFuture<Thread> sleeper = new CompletableFuture<>();
        CompletableFuture<Look> sleep = new CompletableFuture<>();
        threads().execute(() -> {
            sleeper.complete(Thread.currentThread());
            try {
                sleep.complete(waiter.space.next("k", held, Long.MAX_VALUE, waiter.watch("k")));
            } catch (Throwable e) {
                sleep.completeExceptionally(e);
            }
        });
        letFallAsleep(sleep);
        soon(sleeper).interrupt();
        ExecutionException e = assertThrows(ExecutionException.class, () -> soon(sleep));
        assertInstanceOf(InterruptedException.class, e.getCause());
    }

    @Test
    void closingEndsTheSleepAndRefusesLooksAndClaims() {
        Peer holder = process();
        Peer waiter = process();
        holder.claim("k", LONG);
        CompletableFuture<Look> sleep = waiter.sleepOn("k", waiter.held("k"), LONG);
        letFallAsleep(sleep);
        waiter.space.close();
        ExecutionException e = assertThrows(ExecutionException.class, () -> soon(sleep));
        assertInstanceOf(CacheClosedException.class, e.getCause());
        assertThrows(CacheClosedException.class, () -> waiter.look("k"));
        assertThrows(
                CacheClosedException.class,
                () -> waiter.space.claim("other", waiter.newClaim(LONG), null, waiter.watch("k")));
        waiter.space.close();
    }

    @Test
    void grantedClaimsCanStillBePublishedAndReleasedAfterClosing() {
        Peer peer = process();
        Claim published = peer.claim("published", LONG);
        Claim released = peer.claim("released", LONG);
        peer.space.close();
        assertTrue(peer.publish("published", published, "value"));
        peer.space.release("released", released, null);
        Peer other = process();
        assertEquals("value", other.present("published"));
        eventually("the claim is gone", () -> other.look("released") instanceof Look.Nothing);
    }

    @Test
    void aLostConnectionDoesNotLoseTheSleeper() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        Claim claim = holder.claim("k", LONG);
        CompletableFuture<Look> sleep = waiter.sleepOn("k", waiter.held("k"), LONG);
        letFallAsleep(sleep);
        Assumptions.assumeTrue(harness.cut(waiter.store), "this harness cannot cut a connection");
        assertTrue(holder.publish("k", claim, "value"));
        try {
            assertEquals("value", Peer.text(soon(sleep)));
        } catch (ExecutionException e) {
            // The other answer that is allowed: the caller goes on without the shared store.
            assertInstanceOf(dev.getorcreate.SharedStoreUnavailableException.class, e.getCause());
        }
    }

    @Test
    void wherePushesGetLostThePollsServeAndAreCounted() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        Duration lease = Duration.ofSeconds(4);
        Claim claim = holder.claim("k", lease);
        Look.Held held = waiter.held("k");
        Assumptions.assumeTrue(harness.dropPushes(waiter.store, true), "this harness cannot drop pushes");
        CompletableFuture<Look> sleep = waiter.sleepOn("k", held, LONG);
        letFallAsleep(sleep);
        assertFalse(sleep.isDone());
        assertTrue(holder.publish("k", claim, "value"));
        assertEquals("value", Peer.text(soon(sleep)));
        assertTrue(waiter.space.pollsThatFound() > 0, "what the net caught is counted");
    }
}
