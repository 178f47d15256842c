package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Vouch;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The part of {@link SharedStoreContract} about the invalidation of a whole cache. */
abstract class SharedStoreInvalidateAllContract extends SharedStoreFailureContract {

    @Test
    void afterTheWholeCacheIsInvalidatedNothingOfItIsSeen() {
        Peer peer = process();
        Peer other = process();
        peer.create("a", "1");
        other.create("b", "2");
        assertEquals("1", other.present("a"));
        assertEquals(Invalidation.CONFIRMED, peer.space.invalidateAll());
        assertNothing(peer.look("a"));
        assertNothing(peer.look("b"));
        // Others may read the old ones until they are told, which takes no longer than maxStaleness.
        eventually("the other process sees it", () -> other.look("a") instanceof Look.Nothing);
        assertNothing(other.look("b"));
        other.create("a", "3");
        assertEquals("3", peer.present("a"));
    }

    @Test
    void otherCachesKeepTheirRecords() {
        Peer peer = process();
        Peer neighbour = open(peer, CACHE + "2");
        neighbour.create("k", "v");
        assertEquals(Invalidation.CONFIRMED, peer.space.invalidateAll());
        assertEquals("v", neighbour.present("k"));
    }

    @Test
    void whoHeldAClaimThenCannotPublish() {
        Peer holder = process();
        Peer other = process();
        Claim claim = holder.claim("k", LONG);
        assertEquals(Invalidation.CONFIRMED, other.space.invalidateAll());
        Peer third = process();
        assertNothing(third.look("k"));
        // It may not have been told yet, and publish where nobody looks any more.
        holder.publish("k", claim, "old");
        assertNothing(third.look("k"));
        eventually("it is told", () -> holder.look("k") instanceof Look.Nothing);
    }

    @Test
    void whoHeldAClaimThenIsToldThatItIsLost() {
        Peer holder = process();
        holder.claim("k", Duration.ofSeconds(1));
        assertEquals(Invalidation.CONFIRMED, process().space.invalidateAll());
        eventually("it is told", () -> holder.lost.get() == 1);
    }

    @Test
    void aPublishUnderAClaimFromBeforeAnOwnOneIsRejected() {
        Peer holder = process();
        Claim claim = holder.claim("k", LONG);
        assertEquals(Invalidation.CONFIRMED, holder.space.invalidateAll());
        assertFalse(holder.publish("k", claim, "old"));
        assertNothing(holder.look("k"));
    }

    @Test
    void whatWasReadBeforeIsVouchedForNoMoreOrToldOf() {
        Peer reader = process();
        Peer writer = process();
        writer.create("k", "v");
        reader.present("k");
        Vouch before = reader.vouch();
        reader.told.clear();
        assertEquals(Invalidation.CONFIRMED, writer.space.invalidateAll());
        writer.create("k", "new");
        List<String> toldBefore = new ArrayList<>();
        eventually("the reader sees the new one", () -> {
            toldBefore.addAll(reader.told);
            reader.told.clear();
            return reader.look("k") instanceof Look.Present present
                    && Peer.text(present).equals("new");
        });
        assertTrue(
                toldBefore.contains("changed k")
                        || before.servableUntil() < harness.time().nanoTime(),
                "the old entry is still vouched for");
        eventually("and what is read then is kept again", () -> {
            reader.told.clear();
            reader.present("k");
            return reader.told.contains("answered k")
                    && reader.vouch().servableUntil() > harness.time().nanoTime();
        });
    }

    @Test
    void aSleeperIsWokenByIt() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        holder.claim("k", LONG);
        CompletableFuture<Look> sleep = waiter.sleepOn("k", waiter.held("k"), LONG);
        letFallAsleep(sleep);
        assertEquals(Invalidation.CONFIRMED, process().space.invalidateAll());
        assertNothing(soon(sleep));
    }

    @Test
    void oneMadeOutOfReachIsPendingAndDoneWhenContactReturns() {
        Peer peer = process();
        peer.create("k", "v");
        Assumptions.assumeTrue(
                harness.unreachable(peer.store, true), "this harness cannot put the server out of reach");
        assertEquals(Invalidation.PENDING, peer.space.invalidateAll());
        Peer other = process();
        assertEquals("v", other.present("k"));
        harness.unreachable(peer.store, false);
        eventually("it is done", () -> other.look("k") instanceof Look.Nothing);
        eventually("and seen here, once this process is connected to all servers again", () -> {
            try {
                return peer.look("k") instanceof Look.Nothing;
            } catch (SharedStoreUnavailableException e) {
                return false;
            }
        });
    }
}
