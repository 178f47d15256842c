package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamespaceTest {

    private static final byte[] STAMP = "abcdefghijk".getBytes(StandardCharsets.US_ASCII);

    @Test
    void keysAndNamesThatLookAlikeNeverCollide() {
        Set<String> seen = new HashSet<>();
        List<String> parts = List.of("a", "a:", "a:b", ":a", "a:0", "a:0:", "a%3A", "a%", "%", "ü", "A", " a", "0");
        for (String name : parts) {
            for (String key : parts) {
                byte[] whole = generation(name).whole(key.getBytes(StandardCharsets.UTF_8));
                seen.add(new String(whole, StandardCharsets.ISO_8859_1));
            }
        }
        assertEquals(parts.size() * parts.size(), seen.size());
    }

    @Test
    void aPushedKeyLeadsBackToItsCacheAndKey() {
        byte[] key = {0, ':', -1, 10};
        Namespace namespace = new Namespace("orders: \u00fc");
        Generation generation = generation("orders: \u00fc");
        byte[] whole = generation.whole(key);
        assertEquals(namespace.escaped(), Namespace.of(whole));
        assertArrayEquals(key, generation.strip(whole));
    }

    @Test
    void aKeyOfAnotherGenerationOrShapeIsNobodys() {
        assertNull(generation("orders").strip("orders:otherstamp0:k".getBytes(StandardCharsets.US_ASCII)));
        assertNull(Namespace.of("plain".getBytes(StandardCharsets.US_ASCII)));
    }

    @Test
    void longKeysAreHashedAndCollideWithNoOther() {
        Generation generation = generation("orders");
        Set<String> seen = new HashSet<>();
        for (int length = 250; length < 262; length++) {
            byte[] key = "x".repeat(length).getBytes(StandardCharsets.US_ASCII);
            byte[] whole = generation.whole(key);
            seen.add(new String(whole, StandardCharsets.US_ASCII));
            assertEquals(length <= LongKeys.LONGEST_PLAIN, generation.strip(whole) != null);
            assertEquals(length > LongKeys.LONGEST_PLAIN, generation.hash(whole) != null);
            // A short key that looks like the hashed form of the long one.
            seen.add(new String(generation.whole(LongKeys.hash(key)), StandardCharsets.US_ASCII));
            byte[] posing = ("#" + new String(LongKeys.hash(key), StandardCharsets.US_ASCII))
                    .getBytes(StandardCharsets.US_ASCII);
            seen.add(new String(generation.whole(posing), StandardCharsets.US_ASCII));
        }
        assertEquals(36, seen.size());
    }

    @Test
    void theGenerationsOwnKeyIsNoRecordsKey() {
        Namespace namespace = new Namespace("orders");
        assertTrue(namespace.isGenerationKey(namespace.generationKey()));
        assertEquals("orders", Namespace.of(namespace.generationKey()));
        assertNull(generation("orders").strip(namespace.generationKey()));
    }

    @Test
    void everyNewStampIsAnotherOneAndIsKnownAsAStamp() {
        byte[] one = Generation.newStamp();
        assertTrue(Generation.isStamp(one));
        assertFalse(java.util.Arrays.equals(one, Generation.newStamp()));
        assertFalse(Generation.isStamp("too long for it".getBytes(StandardCharsets.US_ASCII)));
        assertFalse(Generation.isStamp("has:a:colon".getBytes(StandardCharsets.US_ASCII)));
    }

    private static Generation generation(String name) {
        return new Generation(new Namespace(name), STAMP, null, 0);
    }
}
