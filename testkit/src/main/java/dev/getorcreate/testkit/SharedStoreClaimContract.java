package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.Token;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The part of {@link SharedStoreContract} about looks, claims, publishing and releasing. */
abstract class SharedStoreClaimContract extends SharedStoreFixture {

    @Test
    void whereNothingStandsNothingIsSeen() {
        assertNothing(process().look("k"));
    }

    @Test
    void aClaimIsGrantedWhereNothingStandsAndOthersSeeIt() {
        Peer holder = process();
        Claim claim = holder.claim("k", LONG);
        Look.Held seen = process().held("k");
        assertEquals(claim.token(), seen.token());
        assertEquals(LONG.toMillis(), seen.leaseMillis());
    }

    @Test
    void aClaimOfSomebodyElsesKeyIsHeldByThatOne() {
        Peer holder = process();
        Peer other = process();
        Claim claim = holder.claim("k", LONG);
        Look look = other.space.claim("k", other.newClaim(LONG), null, other.watch("k"));
        assertEquals(claim.token(), assertInstanceOf(Look.Held.class, look).token());
    }

    @Test
    void aSecondClaimOfTheSameProcessIsHeldByTheFirst() {
        Peer peer = process();
        Claim claim = peer.claim("k", LONG);
        Look look = peer.space.claim("k", peer.newClaim(LONG), null, peer.watch("k"));
        assertEquals(claim.token(), assertInstanceOf(Look.Held.class, look).token());
        assertTrue(peer.publish("k", claim, "v"), "the first claim still stands");
    }

    @Test
    void aLookThatFindsNothingClaimsAtOnce() {
        Peer peer = process();
        Claim mine = peer.newClaim(LONG);
        assertInstanceOf(Look.Granted.class, peer.space.lookOrClaim("k", () -> mine, peer.watch("k")));
        assertEquals(mine.token(), process().held("k").token());
        assertTrue(peer.publish("k", mine, "v"), "it is a claim like any other");
    }

    @Test
    void aLookThatFindsSomethingClaimsNothing() {
        Peer holder = process();
        Peer other = process();
        Claim claim = holder.claim("k", LONG);
        Look held = other.space.lookOrClaim("k", SharedStoreClaimContract::unwanted, other.watch("k"));
        assertEquals(claim.token(), assertInstanceOf(Look.Held.class, held).token());
        assertTrue(holder.publish("k", claim, "v"));
        Look present = other.space.lookOrClaim("k", SharedStoreClaimContract::unwanted, other.watch("k"));
        assertEquals("v", Peer.text(present));
        assertTrue(other.told.contains("answered k"), "it may be kept");
    }

    private static Claim unwanted() {
        throw new AssertionError("something stands there, and a claim was asked for");
    }

    @Test
    void aPublishedRecordIsPresentForLooksAndClaimsOfAllProcesses() {
        Peer creator = process();
        Peer other = process();
        Claim claim = creator.claim("k", LONG);
        assertTrue(creator.publish("k", claim, "value"));
        assertEquals("value", creator.present("k"));
        assertEquals("value", other.present("k"));
        assertEquals("value", Peer.text(other.space.claim("k", other.newClaim(LONG), null, other.watch("claim"))));
        assertTrue(other.told.contains("answered claim"), "a record met by a claim may be kept as well");
    }

    @Test
    void payloadsComeBackByteByByte() {
        Peer peer = process();
        byte[] all = new byte[100_000];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        for (byte[] payload : List.of(all, new byte[0], new byte[] {0}, new byte[] {'\r', '\n', -1})) {
            String key = "of " + payload.length;
            assertEquals(
                    Published.PUBLISHED,
                    peer.space.publish(key, peer.claim(key, LONG), payload, Peer.TIME_TO_LIVE, peer.watch("k")));
            ByteBuffer seen =
                    assertInstanceOf(Look.Present.class, process().look(key)).payload();
            byte[] back = new byte[seen.remaining()];
            seen.get(back);
            assertArrayEquals(payload, back);
        }
    }

    @Test
    void anOversizedRecordIsNotPublishedNorKeptAndItsClaimIsReleased() throws Exception {
        assumeTrue(harness.maxPayload() > 0, "no bound");
        Peer peer = process();
        Peer other = process();
        Claim claim = peer.claim("k", LONG);
        CompletableFuture<Look> waiting = other.sleepOn("k", other.held("k"), LONG);
        letFallAsleep(waiting);
        assertEquals(Published.OVERSIZED, publish(peer, claim, harness.maxPayload() + 1));
        assertNothing(soon(waiting));
        assertFalse(peer.told.contains("answered k"), "what was not published may not be kept");
        assertEquals(Published.REJECTED, publish(peer, claim, 1));
        assertEquals(Published.PUBLISHED, publish(other, other.claim("k", LONG), harness.maxPayload() - 1_000));
    }

    /** Bytes that cannot be compressed. */
    private static Published publish(Peer peer, Claim claim, int length) {
        byte[] payload = new byte[length];
        new Random(length).nextBytes(payload);
        return peer.space.publish("k", claim, payload, Peer.TIME_TO_LIVE, peer.watch("k"));
    }

    @Test
    void aRecordEndsWithItsTimeToLive() {
        Peer peer = process();
        Claim claim = peer.claim("k", LONG);
        assertEquals(
                Published.PUBLISHED,
                peer.space.publish("k", claim, utf8("v"), Duration.ofMillis(200), peer.watch("k")));
        eventually("the record ends", () -> peer.look("k") instanceof Look.Nothing);
        assertTrue(peer.publish("k", peer.claim("k", LONG), "w"), "and the key can be claimed again");
    }

    @Test
    void aReleasedClaimIsGoneAndCannotPublish() {
        Peer peer = process();
        Peer other = process();
        Claim claim = peer.claim("k", LONG);
        peer.space.release("k", claim, null);
        eventually("the claim is gone", () -> other.look("k") instanceof Look.Nothing);
        assertFalse(peer.publish("k", claim, "v"));
        assertNothing(other.look("k"));
    }

    @Test
    void releasingWhatIsNotOnesOwnChangesNothing() {
        Peer peer = process();
        Claim claim = peer.claim("k", LONG);
        peer.space.release("k", peer.newClaim(LONG), null);
        assertEquals(claim.token(), peer.held("k").token());
        assertTrue(peer.publish("k", claim, "v"));
        peer.space.release("k", claim, null);
        assertEquals("v", peer.present("k"), "a release after the publish takes no record away");
    }

    @Test
    void aPublishUnderAnotherTokenIsRejected() {
        Peer peer = process();
        Claim claim = peer.claim("k", LONG);
        assertFalse(peer.publish("k", peer.newClaim(LONG), "stolen"));
        assertEquals(claim.token(), peer.held("k").token());
        assertTrue(peer.publish("k", claim, "v"));
        assertFalse(peer.publish("k", claim, "again"), "a claim is good for one record");
        assertEquals("v", process().present("k"));
    }

    @Test
    void aPublishAfterTheServerForgotTheClaimIsRejected() {
        Peer peer = process();
        Claim claim = peer.claim("k", LONG);
        harness.flushAll();
        assertFalse(peer.publish("k", claim, "v"));
        assertNothing(peer.look("k"));
        assertFalse(peer.told.contains("answered k"), "what was not published may not be kept");
    }

    @Test
    void aPublishUnderAClaimThatSomebodyElseTookIsRejected() {
        Peer first = process();
        Claim lostClaim = first.claim("k", LONG);
        Peer second = process();
        second.space.invalidate("k");
        Claim claim = second.claim("k", LONG);
        assertFalse(first.publish("k", lostClaim, "old"));
        assertEquals(claim.token(), first.held("k").token());
        assertTrue(second.publish("k", claim, "new"));
        assertFalse(first.publish("k", lostClaim, "old"));
        assertEquals("new", first.present("k"));
    }

    @Test
    void aReleaseUnderAClaimThatSomebodyElseTookTakesNothing() {
        Peer first = process();
        Claim lostClaim = first.claim("k", LONG);
        Peer second = process();
        second.space.invalidate("k");
        Claim claim = second.claim("k", LONG);
        first.space.release("k", lostClaim, null);
        assertEquals(claim.token(), first.held("k").token());
        assertTrue(second.publish("k", claim, "v"));
    }

    @Test
    void aClaimIsRenewedForLongerThanItsLease() {
        Peer holder = process();
        Peer other = process();
        Claim claim = holder.claim("k", LEASE);
        long start = System.nanoTime();
        eventually("two leases have passed", () -> {
            assertEquals(claim.token(), other.held("k").token());
            return System.nanoTime() - start > 2 * LEASE.toNanos();
        });
        assertEquals(0, holder.lost.get());
        assertTrue(holder.publish("k", claim, "v"));
    }

    @Test
    void aPublishedOrReleasedClaimIsNotMissed() {
        Peer peer = process();
        assertTrue(peer.publish("published", peer.claim("published", LEASE), "v"));
        peer.space.release("released", peer.claim("released", LEASE), null);
        long start = System.nanoTime();
        eventually("two leases have passed", () -> System.nanoTime() - start > 2 * LEASE.toNanos());
        assertEquals(0, peer.lost.get(), "nobody took what was given back");
        assertEquals("v", peer.present("published"));
    }

    @Test
    void aHolderIsToldOnceThatItsClaimIsLost() {
        Peer holder = process();
        Peer other = process();
        holder.claim("k", LEASE);
        other.space.invalidate("k");
        eventually("a renewal is refused", () -> holder.lost.get() > 0);
        Claim next = other.claim("k", LEASE);
        long start = System.nanoTime();
        eventually("two leases have passed", () -> System.nanoTime() - start > 2 * LEASE.toNanos());
        assertEquals(1, holder.lost.get());
        assertEquals(next.token(), holder.held("k").token(), "the next holder's claim was left alone");
    }

    @Test
    void ofManyThatRaceExactlyOneIsGranted() throws Exception {
        List<Peer> processes = List.of(process(), process(), process());
        for (int round = 0; round < 20; round++) {
            String key = "race " + round;
            CyclicBarrier start = new CyclicBarrier(12);
            List<Future<Look>> answers = new ArrayList<>();
            List<Claim> claims = new ArrayList<>();
            for (int i = 0; i < 12; i++) {
                Peer peer = processes.get(i % processes.size());
                Claim claim = peer.newClaim(LONG);
                claims.add(claim);
                boolean looks = i % 2 == 0;
                Callable<Look> racer = () -> {
                    start.await();
                    return looks
                            ? peer.space.lookOrClaim(key, () -> claim, peer.watch(key))
                            : peer.space.claim(key, claim, null, peer.watch(key));
                };
                answers.add(threads().submit(racer));
            }
            assertOneGranted(answers, claims);
        }
    }

    static void assertOneGranted(List<Future<Look>> looks, List<Claim> claims) throws Exception {
        List<Token> granted = new ArrayList<>();
        List<Token> seen = new ArrayList<>();
        for (int i = 0; i < looks.size(); i++) {
            Look look = looks.get(i).get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
            if (look instanceof Look.Granted) {
                granted.add(claims.get(i).token());
            } else {
                seen.add(assertInstanceOf(Look.Held.class, look).token());
            }
        }
        assertEquals(1, granted.size(), "claims granted");
        assertTrue(seen.stream().allMatch(granted.get(0)::equals), "all others see the winner's claim");
    }
}
