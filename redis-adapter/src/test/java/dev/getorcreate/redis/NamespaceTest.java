package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

class NamespaceTest {

    @Test
    void keysAndNamesThatLookAlikeNeverCollide() {
        Set<String> seen = new HashSet<>();
        List<String> parts = List.of("a", "a:", "a:b", ":a", "a:0", "a:0:", "a%3A", "a%", "%", "ü", "A", " a", "0");
        for (String name : parts) {
            for (String key : parts) {
                byte[] whole = new Namespace(name).key(key.getBytes(StandardCharsets.UTF_8));
                seen.add(new String(whole, StandardCharsets.ISO_8859_1));
            }
        }
        assertEquals(parts.size() * parts.size(), seen.size());
    }

    @Test
    void aPushedKeyLeadsBackToItsCacheAndKey() {
        byte[] key = {0, ':', -1, 10};
        Namespace namespace = new Namespace("orders: ü");
        byte[] whole = namespace.key(key);
        assertEquals(namespace.escaped(), Namespace.of(whole));
        assertArrayEquals(key, namespace.strip(whole));
    }

    @Test
    void aKeyOfAnotherGenerationOrShapeIsNobodys() {
        assertNull(new Namespace("orders").strip("orders:1:k".getBytes(StandardCharsets.US_ASCII)));
        assertNull(Namespace.of("plain".getBytes(StandardCharsets.US_ASCII)));
    }
}
