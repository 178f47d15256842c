package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Look;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;

/** The part of {@link SharedStoreContract} about the marks that failed creations leave. */
abstract class SharedStoreFailureContract extends SharedStoreWaitContract {

    private static final Failure FAILURE = new Failure("java.io.IOException", "no r\u00f6w \ud83d\ude00", LONG);

    /** A mark that stands, as the process sees it. */
    private static Look.Failed marked(Peer peer, String key, Failure failure) {
        Claim claim = peer.claim(key, LONG);
        peer.space.release(key, claim, failure);
        eventually("the mark stands", () -> peer.look(key) instanceof Look.Failed);
        Look.Failed mark = assertInstanceOf(Look.Failed.class, peer.look(key));
        assertEquals(claim.token(), mark.token());
        return mark;
    }

    @Test
    void aSleeperIsWokenByTheFailureWithItsMark() throws Exception {
        Peer holder = process();
        Peer waiter = process();
        Claim claim = holder.claim("k", LONG);
        CompletableFuture<Look> sleep = waiter.sleepOn("k", waiter.held("k"), LONG);
        letFallAsleep(sleep);
        holder.space.release("k", claim, FAILURE);
        Look.Failed mark = assertInstanceOf(Look.Failed.class, soon(sleep));
        assertEquals(claim.token(), mark.token());
        assertEquals(FAILURE.error(), mark.error());
        assertEquals(FAILURE.message(), mark.message());
        assertEquals(
                List.of(), waiter.told.stream().filter("answered k"::equals).toList(), "it may not be kept");
    }

    @Test
    void whatAMarkSaysComesBackToReadersOfEveryCodec() {
        for (String message : List.of("", "\r\n\0", "\u00e4".repeat(Failure.LONGEST))) {
            String key = "of " + message.length();
            marked(process(), key, new Failure("a.B$C", message, LONG));
            Look.Failed mark = assertInstanceOf(
                    Look.Failed.class, process(CACHE, "another codec").look(key));
            assertEquals("a.B$C", mark.error());
            assertEquals(message, mark.message());
        }
    }

    @Test
    void aMarkEndsByItselfAfterItsHold() {
        Peer peer = process();
        marked(peer, "k", new Failure("E", "", Duration.ofSeconds(2)));
        eventually("the mark ends", () -> peer.look("k") instanceof Look.Nothing);
        peer.create("k", "and the key can be claimed");
    }

    @Test
    void anInvalidationRemovesAMark() {
        Peer peer = process();
        marked(peer, "k", FAILURE);
        assertEquals(Invalidation.CONFIRMED, process().space.invalidate("k"));
        assertNothing(peer.look("k"));
    }

    @Test
    void aMarkIsNoClaimOfWhoLeftIt() {
        Peer peer = process();
        Claim claim = peer.claim("k", LONG);
        peer.space.release("k", claim, FAILURE);
        assertFalse(peer.publish("k", claim, "late"));
        peer.space.release("k", claim, null);
        Look.Failed mark = assertInstanceOf(Look.Failed.class, peer.look("k"), "the second release takes nothing away");
        assertEquals(claim.token(), mark.token());
    }

    @Test
    void aFailureUnderALostClaimLeavesNoMarkOverWhatStandsThere() {
        Peer peer = process();
        Claim lost = peer.claim("k", LONG);
        harness.flushAll();
        peer.space.release("k", lost, FAILURE);
        assertNothing(peer.look("k"));

        Peer other = process();
        Claim claim = other.claim("k", LONG);
        peer.space.release("k", lost, FAILURE);
        assertEquals(claim.token(), peer.held("k").token());

        other.publish("k", claim, "v");
        peer.space.release("k", lost, FAILURE);
        assertEquals("v", peer.present("k"));
    }

    @Test
    void aPlainClaimTakesNoMarkAwayAndOneThatReplacesItDoes() {
        Peer peer = process();
        Look.Failed mark = marked(peer, "k", FAILURE);
        Look look = peer.space.claim("k", peer.newClaim(LONG), null, peer.watch("k"));
        assertEquals(mark.token(), assertInstanceOf(Look.Failed.class, look).token());
        Claim claim = peer.newClaim(LONG);
        assertInstanceOf(Look.Granted.class, peer.space.claim("k", claim, mark.seen(), peer.watch("k")));
        peer.publish("k", claim, "v");
        assertEquals("v", process().present("k"));
    }

    /** Nobody renews it, and what it replaced had a longer life, or none. */
    @Test
    void aClaimOverWhatStoodThereEndsWithItsHolder() {
        Peer dying = process();
        Peer other = process();
        harness.plant(CACHE, utf8("garbage"), utf8("garbage"));
        harness.plantForeignType(CACHE, utf8("another type"));
        Map<String, byte[]> seen = Map.of(
                "mark", marked(other, "mark", FAILURE).seen(),
                "garbage", utf8("garbage"),
                "another type", new byte[0]);
        seen.forEach((key, bytes) -> assertInstanceOf(
                Look.Granted.class, dying.space.claim(key, dying.newClaim(LEASE), bytes, dying.watch(key))));
        harness.kill(dying.store);
        seen.keySet()
                .forEach(key -> eventually("'" + key + "' is free", () -> other.look(key) instanceof Look.Nothing));
    }

    @Test
    void ofManyThatClaimOverAMarkExactlyOneIsGranted() throws Exception {
        List<Peer> processes = List.of(process(), process());
        for (int round = 0; round < 20; round++) {
            String key = "race " + round;
            byte[] seen = marked(processes.get(0), key, FAILURE).seen();
            CyclicBarrier start = new CyclicBarrier(4);
            List<Future<Look>> looks = new ArrayList<>();
            List<Claim> claims = new ArrayList<>();
            for (int i = 0; i < 4; i++) {
                Peer peer = processes.get(i % 2);
                Claim claim = peer.newClaim(LONG);
                claims.add(claim);
                Callable<Look> racer = () -> {
                    start.await();
                    return peer.space.claim(key, claim, seen, peer.watch(key));
                };
                looks.add(threads().submit(racer));
            }
            assertOneGranted(looks, claims);
        }
    }

    @Test
    void aMarkOfAnotherShapeIsUnreadable() {
        Peer peer = process();
        byte[] whole = marked(peer, "k", FAILURE).seen().clone();
        for (int length = 1; length <= whole.length + 1; length++) {
            harness.plant(CACHE, utf8("other"), Arrays.copyOf(whole, length));
            Class<?> expected = length == whole.length ? Look.Failed.class : Look.Unreadable.class;
            assertInstanceOf(expected, peer.look("other"), length + " of " + whole.length + " bytes");
        }
    }
}
