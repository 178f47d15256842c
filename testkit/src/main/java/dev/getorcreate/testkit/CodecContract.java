package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.Codec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Objects;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** What every {@link Codec} promises. */
public abstract class CodecContract<V> {

    /** For subclasses. */
    protected CodecContract() {}

    /** The codec under test. */
    protected abstract Codec<V> codec();

    /** Values of every kind it takes, the empty ones too. */
    protected abstract List<V> values();

    /** Bytes that no value gives; none, if every sequence of bytes is some value. */
    protected abstract List<byte[]> garbage();

    @Test
    void valuesComeBackEqual() {
        assertFalse(values().isEmpty());
        for (V value : values()) {
            assertSameValue(value, codec().decode(ByteBuffer.wrap(encoded(value))));
        }
    }

    @Test
    void encodingTwiceGivesWhatDecodesToTheSame() {
        for (V value : values()) {
            byte[] first = encoded(value);
            byte[] copy = first.clone();
            encoded(value);
            assertSameValue(value, codec().decode(ByteBuffer.wrap(copy)));
        }
    }

    @Test
    void exactlyTheRemainingBytesAreReadWhereverTheyLie() {
        for (V value : values()) {
            byte[] bytes = encoded(value);
            for (ByteBuffer room :
                    List.of(ByteBuffer.allocate(bytes.length + 7), ByteBuffer.allocateDirect(bytes.length + 7))) {
                room.put(new byte[] {'"', '{', 1}).put(bytes);
                room.position(3).limit(3 + bytes.length);
                assertSameValue(value, codec().decode(room.slice()));
                assertSameValue(value, codec().decode(room.duplicate()));
                assertSameValue(value, codec().decode(room.asReadOnlyBuffer()));
            }
        }
    }

    @Test
    void garbageIsRefusedByAnException() {
        for (byte[] bytes : garbage()) {
            assertThrows(RuntimeException.class, () -> codec().decode(ByteBuffer.wrap(bytes)));
        }
    }

    @Test
    void theIdIsShortAndPrintableAndDoesNotChange() {
        String id = codec().id();
        assertTrue(!id.isEmpty() && id.length() <= 64, "1 to 64 characters: " + id);
        assertTrue(id.chars().allMatch(c -> c > ' ' && c < 127), "ASCII: " + id);
        assertEquals(id, codec().id());
    }

    @Test
    void severalThreadsMayUseItAtOnce() {
        Codec<V> codec = codec();
        Stream.generate(this::values)
                .limit(200)
                .parallel()
                .flatMap(List::stream)
                .forEach(value -> assertSameValue(value, codec.decode(ByteBuffer.wrap(codec.encode(value)))));
    }

    private byte[] encoded(V value) {
        byte[] bytes = codec().encode(value);
        assertNotNull(bytes);
        return bytes;
    }

    private static void assertSameValue(Object expected, Object actual) {
        assertTrue(Objects.deepEquals(expected, actual), () -> expected + " came back as " + actual);
    }
}
