package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.zip.Deflater;
import org.junit.jupiter.api.Test;

class DeflatedTest {

    private static final byte[] TEXT = "{\"name\":\"some name\"}".repeat(100).getBytes(StandardCharsets.UTF_8);

    @Test
    void whatWasCompressedComesBackByteByByteAndWasSmaller() {
        for (byte[] original : new byte[][] {TEXT, new byte[1_000_000], new byte[40]}) {
            byte[] compressed = Deflated.of(original);
            assertNotNull(compressed);
            assertTrue(compressed.length < original.length);
            assertArrayEquals(original, inflate(compressed));
        }
    }

    @Test
    void whatDoesNotGetSmallerIsNotCompressed() {
        byte[] random = new byte[10_000];
        new Random(1).nextBytes(random);
        assertNull(Deflated.of(random));
        for (int length = 0; length < 12; length++) {
            assertNull(Deflated.of(new byte[length]), length + " zeros");
        }
        assertNull(Deflated.of(new byte[Deflated.MOST + 1]));
    }

    @Test
    void everyTruncationIsFoundOut() {
        byte[] good = compressed();
        for (int length = 0; length < good.length; length++) {
            assertNull(inflate(Arrays.copyOf(good, length)), "cut to " + length);
        }
        assertNull(inflate(Arrays.copyOf(good, good.length + 1)), "a byte too many");
    }

    @Test
    void everyChangedByteIsFoundOut() {
        byte[] good = compressed();
        for (int at = 0; at < good.length; at++) {
            byte[] bad = good.clone();
            bad[at] ^= 0x55;
            assertNull(inflate(bad), "changed at " + at);
        }
    }

    @Test
    void aLyingLengthIsNeitherBelievedNorAllocated() {
        byte[] good = compressed();
        for (int lie : new int[] {
            0, 1, TEXT.length - 1, TEXT.length + 1, -1, Integer.MIN_VALUE, Integer.MAX_VALUE, Deflated.MOST
        }) {
            ByteBuffer.wrap(good).putInt(lie);
            assertNull(inflate(good), "said to be " + lie);
        }
    }

    @Test
    void aBombIsNotOpened() {
        byte[] bomb = new byte[1 << 20];
        Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION);
        int length = Integer.BYTES;
        byte[] zeros = new byte[1 << 20];
        for (int megabytes = 0; megabytes < 512; megabytes++) {
            deflater.setInput(zeros);
            length += deflater.deflate(bomb, length, bomb.length - length);
        }
        deflater.finish();
        length += deflater.deflate(bomb, length, bomb.length - length);
        assertTrue(deflater.finished());
        deflater.end();
        bomb = Arrays.copyOf(bomb, length);
        for (int said : new int[] {100, Deflated.MOST, 512 << 20}) {
            ByteBuffer.wrap(bomb).putInt(said);
            assertNull(inflate(bomb), "said to be " + said);
        }
    }

    @Test
    void noBytesWhateverMakeItFail() {
        Random random = new Random(42);
        for (int i = 0; i < 20_000; i++) {
            byte[] bytes = Arrays.copyOf(compressed(), random.nextInt(80));
            for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            inflate(bytes);
        }
    }

    private static byte[] compressed() {
        byte[] compressed = Deflated.of(TEXT);
        assertNotNull(compressed);
        return compressed;
    }

    private static byte[] inflate(byte[] compressed) {
        return Deflated.inflate(ByteBuffer.wrap(compressed).asReadOnlyBuffer());
    }
}
