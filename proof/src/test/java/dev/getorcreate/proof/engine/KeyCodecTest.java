package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.spi.KeyCodec;
import org.junit.jupiter.api.Test;

/** Different keys have different bytes, or none. */
class KeyCodecTest {

    private record Id(String text) {}

    private static final KeyCodec<Id> IDS = KeyCodec.text(Id::text, Id::new);

    @Test
    void aTextThatUtf8CannotSayIsRefusedAndTakenForNoOther() {
        assertEquals(new Id("a?"), IDS.decode(IDS.encode(new Id("a?"))));
        assertThrows(IllegalArgumentException.class, () -> IDS.encode(new Id("a\uD800")));
        assertThrows(IllegalArgumentException.class, () -> KeyCodec.string().encode("a\uD800"));
    }

    @Test
    void bytesThatAreNoUtf8AreNoKey() {
        byte[] foreign = {'a', (byte) 0xFF};
        assertThrows(IllegalArgumentException.class, () -> IDS.decode(foreign));
        assertThrows(IllegalArgumentException.class, () -> KeyCodec.string().decode(foreign));
    }
}
