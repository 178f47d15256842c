package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.junit.jupiter.api.Test;

class LongKeysTest {

    private static final int MIB = 1 << 20;

    private final LongKeys<Integer> keys = new LongKeys<>();

    private static byte[] encoded(int key) {
        byte[] bytes = new byte[MIB];
        bytes[0] = (byte) key;
        return bytes;
    }

    private void remember(int first, int last) {
        for (int key = first; key <= last; key++) {
            keys.remember(encoded(key), key);
        }
    }

    private Integer of(int key) {
        return keys.of(LongKeys.hash(encoded(key)));
    }

    /** Few keys may be long enough to fill the memory. */
    @Test
    void itForgetsAllBeforeTheyTakeTooMuch() {
        remember(1, 65);
        assertEquals(1, of(1));
        remember(66, 67);
        assertNull(of(1));
        assertNull(of(65));
        assertEquals(66, of(66), "it counts from the start again");
    }

    @Test
    void aKeyThatIsAskedForAgainTakesNothingMore() {
        for (int i = 0; i < 70; i++) {
            remember(1, 2);
        }
        remember(3, 3);
        assertEquals(1, of(1));
    }
}
