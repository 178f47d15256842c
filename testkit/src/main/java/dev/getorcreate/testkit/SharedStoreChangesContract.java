package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Vouch;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;

/** The part of {@link SharedStoreContract} about invalidation, and about what processes are told in which order. */
abstract class SharedStoreChangesContract extends SharedStoreInvalidateAllContract {

    @Test
    void anInvalidationRemovesTheRecord() {
        Peer peer = process();
        peer.create("k", "v");
        assertEquals(Invalidation.CONFIRMED, process().space.invalidate("k"));
        assertNothing(peer.look("k"));
        assertEquals(Invalidation.CONFIRMED, peer.space.invalidate("nothing there"));
    }

    @Test
    void anInvalidationRemovesTheClaimSoThatItsHolderCannotPublish() {
        Peer holder = process();
        Claim claim = holder.claim("k", LONG);
        assertEquals(Invalidation.CONFIRMED, process().space.invalidate("k"));
        assertFalse(holder.publish("k", claim, "old"));
        assertNothing(holder.look("k"));
    }

    @Test
    void whoReadTheKeyIsToldOfEachChange() {
        Peer reader = process();
        Peer writer = process();
        writer.create("k", "1");
        for (int i = 2; i < 6; i++) {
            reader.present("k");
            reader.told.clear();
            assertEquals(Invalidation.CONFIRMED, writer.space.invalidate("k"));
            eventually("the change is told", () -> reader.told.contains("changed k"));
            writer.create("k", Integer.toString(i));
        }
    }

    @Test
    void whoFoundNothingOrAClaimIsToldOfTheChangeToo() {
        Peer reader = process();
        Peer writer = process();
        assertNothing(reader.look("k"));
        Claim claim = writer.claim("k", LONG);
        eventually("the claim is told", () -> reader.told.contains("changed k"));
        reader.held("k");
        reader.told.clear();
        assertTrue(writer.publish("k", claim, "v"));
        eventually("the record is told", () -> reader.told.contains("changed k"));
    }

    @Test
    void theAnswerIsToldBeforeTheAskerHasIt() {
        Peer reader = process();
        process().create("k", "v");
        for (int i = 0; i < 200; i++) {
            reader.space.look("k", reader.watch("look " + i));
            assertTrue(reader.told.contains("answered look " + i));
        }
    }

    @Test
    void aValueOlderThanAChangeIsAnsweredBeforeThatChangeIsTold() throws Exception {
        Peer reader = process();
        Peer writer = process();
        writer.create("k", "0");
        for (int i = 1; i <= 100; i++) {
            reader.present("k");
            reader.told.clear();
            String old = Integer.toString(i - 1);
            CyclicBarrier start = new CyclicBarrier(2);
            Callable<Look> aimed = () -> {
                start.await();
                return reader.look("k");
            };
            Future<Look> look = threads().submit(aimed);
            start.await();
            writer.space.invalidate("k");
            Look seen = look.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (seen instanceof Look.Present) {
                assertEquals(old, Peer.text(seen));
                eventually("the change is told", () -> reader.told.contains("changed k"));
                assertEquals(List.of("answered k", "changed k"), reader.told);
            } else {
                assertNothing(seen);
                assertEquals(List.of("changed k"), reader.told, "told before the answer that shows it");
            }
            writer.create("k", Integer.toString(i));
        }
    }

    @Test
    void aReplyAndAPushThatArriveTogetherAreToldInTheirOrder() throws Exception {
        Assumptions.assumeTrue(harness.reads() >= 0, "this harness does not count what is read");
        Peer reader = process(LONG);
        Peer writer = process();
        for (int i = 0; i < 20; i++) {
            String key = "k" + i;
            writer.create(key, "old");
            reader.told.clear();
            Assumptions.assumeTrue(harness.hold(reader.store, true), "this harness cannot hold what is sent");
            long before = harness.reads();
            Future<Look> look = threads().submit(() -> reader.look(key));
            eventually("the server has answered", () -> harness.reads() > before);
            assertEquals(Invalidation.CONFIRMED, writer.space.invalidate(key));
            harness.hold(reader.store, false);
            assertEquals("old", Peer.text(look.get(PATIENCE.toSeconds(), TimeUnit.SECONDS)));
            eventually("the change is told", () -> reader.told.contains("changed " + key));
            assertEquals(List.of("answered " + key, "changed " + key), reader.told);
        }
    }

    @Test
    void theEchoesOfOnesOwnClaimAndPublishComeBeforeItsAnswer() {
        Peer creator = process();
        for (int i = 0; i < 20; i++) {
            String key = "k" + i;
            creator.look(key);
            Claim claim = creator.claim(key, LONG);
            assertFalse(creator.told.contains("answered " + key), "a claim is no record");
            assertTrue(creator.publish(key, claim, "v"));
            creator.present("k0"); // what came on the wire before this reply has been told
            int answered = creator.told.indexOf("answered " + key);
            assertTrue(answered >= 0, "the own record may be kept");
            assertTrue(creator.told.lastIndexOf("changed " + key) < answered, () -> "told: " + creator.told);
        }
    }

    @Test
    void whoPublishedIsToldOfTheNextChange() {
        Peer creator = process();
        creator.create("k", "v");
        creator.look("other"); // so all that its own publish told has been heard
        creator.told.clear();
        process().space.invalidate("k");
        eventually("the change is told", () -> creator.told.contains("changed k"));
    }

    @Test
    void aWordIsRenewedWhileTheConnectionLivesAndNeverPromisesTooMuch() {
        Peer peer = process();
        peer.create("k", "v");
        Vouch vouch = peer.vouch();
        long first = vouch.servableUntil();
        long step = peer.store.maxStaleness().toNanos();
        eventually("the word is renewed twice over", () -> {
            long until = vouch.servableUntil();
            assertTrue(until - harness.time().nanoTime() <= step, "never beyond maxStaleness from now");
            return until > first + 2 * step;
        });
    }

    @Test
    void aFlushEndsTheWordAndANewReadGetsANewOne() {
        Peer peer = process();
        peer.create("k", "v");
        Vouch vouch = peer.vouch();
        eventually(
                "the word holds", () -> vouch.servableUntil() > harness.time().nanoTime());
        harness.flushAll();
        eventually("the word ends", () -> vouch.servableUntil() < harness.time().nanoTime());
        peer.create("k", "w");
        assertNotSame(vouch, peer.vouch());
        eventually(
                "the new word holds",
                () -> peer.vouch().servableUntil() > harness.time().nanoTime());
        assertTrue(vouch.servableUntil() < harness.time().nanoTime(), "an ended word stays ended");
    }

    @Test
    void aLostConnectionEndsTheWordAndTheNextOneIsTold() {
        Peer peer = process();
        Peer writer = process();
        peer.create("k", "v");
        Vouch vouch = peer.vouch();
        Assumptions.assumeTrue(harness.cut(peer.store), "this harness cannot cut a connection");
        eventually("the word ends", () -> vouch.servableUntil() < harness.time().nanoTime());
        eventually("it reads and may keep again", () -> {
            try {
                return Peer.text(peer.look("k")).equals("v") && peer.vouch() != vouch;
            } catch (SharedStoreUnavailableException e) {
                return false; // it connects again
            }
        });
        peer.told.clear();
        writer.space.invalidate("k");
        eventually("changes are told over the new connection", () -> peer.told.contains("changed k"));
    }

    @Test
    void outOfReachLooksFailAndAnInvalidationIsPendingUntilContactReturns() {
        Peer peer = process();
        Peer other = process();
        peer.create("k", "v");
        Claim claim = peer.claim("claimed", LONG);
        Assumptions.assumeTrue(harness.unreachable(peer.store, true), "this harness cannot take a server away");
        assertThrows(SharedStoreUnavailableException.class, () -> peer.look("k"));
        assertThrows(
                SharedStoreUnavailableException.class,
                () -> peer.space.claim("l", peer.newClaim(LONG), null, peer.watch("l")));
        assertThrows(SharedStoreUnavailableException.class, () -> peer.publish("claimed", claim, "v"));
        peer.space.release("claimed", claim, null);
        assertEquals(Invalidation.PENDING, peer.space.invalidate("k"));
        assertEquals("v", other.present("k"));
        harness.unreachable(peer.store, false);
        eventually("the invalidation is sent", () -> other.look("k") instanceof Look.Nothing);
        eventually("looks work again", () -> {
            try {
                return peer.look("k") instanceof Look.Nothing;
            } catch (SharedStoreUnavailableException e) {
                return false;
            }
        });
        assertEquals(
                List.of(), peer.told.stream().filter("answered claimed"::equals).toList());
    }
}
