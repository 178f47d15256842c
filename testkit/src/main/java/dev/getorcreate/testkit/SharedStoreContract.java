package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Vouch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * What every {@link dev.getorcreate.spi.SharedStore} promises. An adapter's test extends this and gives it a harness:
 *
 * <pre>{@code
 * class MySharedStoreIT extends SharedStoreContract {
 *     protected SharedStoreHarness newHarness() { ... }
 * }
 * }</pre>
 *
 * <p>It runs in real time, in some ten seconds. What concerns claims, sleeping, failures and changes is inherited; here is what
 * concerns names and bytes.
 */
public abstract class SharedStoreContract extends SharedStoreChangesContract {

    /** For subclasses. */
    protected SharedStoreContract() {}

    @Test
    void aRecordOfAnotherCodecIsUnreadableAndCanBeClaimedOver() {
        process(CACHE, "old").create("k", "v");
        Peer peer = process(CACHE, "new");
        Look.Unreadable seen = assertInstanceOf(Look.Unreadable.class, peer.look("k"));
        assertEquals(List.of(), peer.told, "it may not be kept");
        claimOver(peer, "k", seen);
        assertInstanceOf(Look.Unreadable.class, process(CACHE, "old").look("k"));
    }

    @Test
    void aClaimIsTheSameForEveryCodec() {
        Claim claim = process(CACHE, "old").claim("k", LONG);
        assertEquals(claim.token(), process(CACHE, "new").held("k").token());
    }

    @Test
    void aRecordThatTheCodecCannotDecodeCanBeClaimedOver() {
        process().create("k", "v");
        Peer peer = process();
        Look.Present seen = assertInstanceOf(Look.Present.class, peer.look("k"));
        Claim claim = peer.newClaim(LONG);
        assertInstanceOf(Look.Granted.class, peer.space.claim("k", claim, seen.seen(), peer.watch("k")));
        assertTrue(peer.publish("k", claim, "w"));
        assertEquals("w", process().present("k"));
    }

    @Test
    void garbageIsUnreadableAndCanBeClaimedOver() {
        List<byte[]> garbage =
                new ArrayList<>(List.of(new byte[0], new byte[] {0}, utf8("garbage"), utf8("{\"a\":1}")));
        byte[] long0 = new byte[300];
        Arrays.fill(long0, (byte) 0xff);
        garbage.add(long0);
        Peer peer = process();
        for (int i = 0; i < garbage.size(); i++) {
            String key = "k" + i;
            harness.plant(CACHE, utf8(key), garbage.get(i));
            Look.Unreadable seen = assertInstanceOf(Look.Unreadable.class, peer.look(key));
            assertArrayEquals(garbage.get(i), seen.seen());
            assertInstanceOf(
                    Look.Unreadable.class,
                    peer.space.claim(key, peer.newClaim(LONG), null, peer.watch(key)),
                    "a plain claim takes nothing away");
            claimOver(peer, key, seen);
        }
    }

    @Test
    void aCutOffRecordIsUnreadable() {
        Peer peer = process();
        peer.create("k", "v");
        byte[] whole =
                assertInstanceOf(Look.Present.class, peer.look("k")).seen().clone();
        for (int length = 1; length < whole.length - 1; length++) {
            harness.plant(CACHE, utf8("cut"), Arrays.copyOf(whole, length));
            assertInstanceOf(Look.Unreadable.class, peer.look("cut"), "cut off after " + length + " bytes");
        }
    }

    @Test
    void garbageThatChangedSinceIsNotClaimedOver() {
        Peer peer = process();
        harness.plant(CACHE, utf8("k"), utf8("one"));
        Look.Unreadable first = assertInstanceOf(Look.Unreadable.class, peer.look("k"));
        harness.plant(CACHE, utf8("k"), utf8("two"));
        Look look = peer.space.claim("k", peer.newClaim(LONG), first.seen(), peer.watch("k"));
        Look.Unreadable second = assertInstanceOf(Look.Unreadable.class, look);
        assertArrayEquals(utf8("two"), second.seen());
        claimOver(peer, "k", second);
    }

    @Test
    void aClaimOverGarbageMeetsWhatStandsThereByNow() {
        Peer peer = process();
        Peer other = process();
        harness.plant(CACHE, utf8("k"), utf8("garbage"));
        byte[] seen = assertInstanceOf(Look.Unreadable.class, peer.look("k")).seen();
        Claim others = other.newClaim(LONG);
        assertInstanceOf(Look.Granted.class, other.space.claim("k", others, seen, other.watch("k")));
        Look held = peer.space.claim("k", peer.newClaim(LONG), seen, peer.watch("k"));
        assertEquals(others.token(), assertInstanceOf(Look.Held.class, held).token());
        assertTrue(other.publish("k", others, "v"));
        assertEquals("v", Peer.text(peer.space.claim("k", peer.newClaim(LONG), seen, peer.watch("k"))));
        other.space.invalidate("k");
        assertInstanceOf(
                Look.Granted.class,
                peer.space.claim("k", peer.newClaim(LONG), seen, peer.watch("k")),
                "where nothing stands any more the claim is granted too");
    }

    @Test
    void aKeyOfAnotherTypeIsUnreadableAndCanBeClaimedOver() {
        harness.plantForeignType(CACHE, utf8("k"));
        Peer peer = process();
        Look.Unreadable seen = assertInstanceOf(Look.Unreadable.class, peer.look("k"));
        assertEquals(0, seen.seen().length);
        assertInstanceOf(Look.Unreadable.class, peer.space.claim("k", peer.newClaim(LONG), null, peer.watch("k")));
        claimOver(peer, "k", seen);
        harness.plantForeignType(CACHE, utf8("gone"));
        peer.space.invalidate("gone");
        assertNothing(peer.look("gone"));
    }

    @Test
    void aKeyOfAnotherTypeTakesNothingFromWhoPublishesOverIt() {
        Peer peer = process();
        Claim claim = peer.claim("k", LONG);
        harness.plantForeignType(CACHE, utf8("k"));
        assertTrue(!peer.publish("k", claim, "v"), "rejected, not an error");
        peer.space.release("k", claim, null);
        assertInstanceOf(Look.Unreadable.class, peer.look("k"));
    }

    private static void claimOver(Peer peer, String key, Look.Unreadable seen) {
        Claim claim = peer.newClaim(LONG);
        assertInstanceOf(Look.Granted.class, peer.space.claim(key, claim, seen.seen(), peer.watch(key)));
        assertTrue(peer.publish(key, claim, "repaired"));
        assertEquals("repaired", peer.present(key));
    }

    @Test
    void namesThatCouldCollideDoNot() {
        Peer first = process("a", CODEC);
        Map<String, Peer> caches = new HashMap<>(Map.of("a", first));
        for (String name :
                List.of("a:b", "a:0", "a:0:b", "a%3ab", "a%3Ab", "a%", "a\\:b", "A", "a ", "{a}", "\u00e4")) {
            caches.put(name, open(first, name));
        }
        List<String> keys = List.of("c", "b:c", "0:c", "b:0:c", "0:b:0:c", ":c", "\u00e4");
        caches.forEach((name, peer) -> keys.forEach(key -> peer.create(key, name + "|" + key)));
        caches.forEach((name, peer) -> keys.forEach(key -> assertEquals(name + "|" + key, peer.present(key))));
        Peer again = process("a:b", CODEC);
        assertEquals("a:b|c", again.present("c"), "and another process finds the same");
    }

    @Test
    void aChangeIsToldToItsOwnCacheOnly() {
        Peer a = process("a", CODEC);
        Peer b = open(a, "b");
        a.create("k", "v");
        b.create("k", "v");
        a.told.clear();
        b.told.clear();
        process("a", CODEC).space.invalidate("k");
        eventually("the change is told", () -> a.told.contains("changed k"));
        assertEquals("v", b.present("k"));
        assertEquals(List.of("answered k"), b.told);
    }

    @Test
    void twoSpacesOfOneNameAreRefusedUntilTheFirstIsClosed() {
        Peer first = process();
        assertThrows(IllegalStateException.class, () -> open(first, CACHE));
        first.space.close();
        open(first, CACHE).create("k", "v");
    }

    @Test
    void keysMayBeAnyBytes() {
        byte[] all = new byte[256];
        for (int i = 0; i < all.length; i++) {
            all[i] = (byte) i;
        }
        List<byte[]> changed = new CopyOnWriteArrayList<>();
        SharedSpace<byte[]> space = harness.newProcess().open("bytes", new ByteKeys(), CODEC, changed::add);
        SharedSpace<byte[]> other = harness.newProcess().open("bytes", new ByteKeys(), CODEC, key -> {});
        for (byte[] key : List.of(all, new byte[0], new byte[] {0}, new byte[] {'\r', '\n'})) {
            changed.clear();
            AtomicReference<@Nullable Vouch> vouch = new AtomicReference<>();
            Claim claim = new Claim(Token.random(), LONG, () -> {});
            assertInstanceOf(Look.Granted.class, space.claim(key, claim, null, vouch::set));
            assertNull(vouch.get());
            assertEquals(Published.PUBLISHED, space.publish(key, claim, utf8("v"), Peer.TIME_TO_LIVE, vouch::set));
            assertEquals("v", Peer.text(other.look(key, word -> {})));
            changed.clear();
            other.invalidate(key);
            eventually("the change is told", () -> changed.stream().anyMatch(seen -> Arrays.equals(seen, key)));
        }
    }

    private static final class ByteKeys implements KeyCodec<byte[]> {
        @Override
        public byte[] encode(byte[] key) {
            return key;
        }

        @Override
        public byte[] decode(byte[] bytes) {
            return bytes;
        }
    }
}
