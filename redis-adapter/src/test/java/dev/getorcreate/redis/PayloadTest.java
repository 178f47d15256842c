package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Token;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Arrays;
import java.util.HexFormat;
import java.util.Random;
import org.junit.jupiter.api.Test;

class PayloadTest {

    private static final byte[] CODEC = Payload.codecId("utf8");
    private static final Token TOKEN = new Token(0x0123456789abcdefL, -2);

    private static final HexFormat HEX = HexFormat.of();
    private static final String STAMP = "0123456789abcdef" + "fffffffffffffffe";

    /** Processes of other versions read and write the same bytes. */
    @Test
    void aClaimStandsThereInTheseBytes() {
        String bytes = "47430101" + STAMP + "000007d0";
        assertEquals(bytes, HEX.formatHex(Payload.claim(TOKEN, 2_000)));
        assertEquals("47430101" + STAMP, HEX.formatHex(Payload.claimStamp(TOKEN)));
        assertEquals(new Look.Held(TOKEN, 2_000, 7), Payload.read(HEX.parseHex(bytes), CODEC, () -> 7));
    }

    @Test
    void aRecordStandsThereInTheseBytes() {
        String bytes = header("00") + "68c3a9";
        byte[] payload = "hé".getBytes(StandardCharsets.UTF_8);
        assertEquals(bytes, HEX.formatHex(Payload.record(TOKEN, 1_700_000_000_000L, 1_234, CODEC, false, payload)));
        assertArrayEquals(payload, payload(Payload.read(HEX.parseHex(bytes), CODEC, () -> 0)));
    }

    /** What compresses may do it another way, which every reader understands. */
    @Test
    void aCompressedRecordStandsThereInTheseBytes() {
        byte[] payload = "v".repeat(40).getBytes(StandardCharsets.UTF_8);
        byte[] written = Payload.record(TOKEN, 1_700_000_000_000L, 1_234, CODEC, true, Deflated.of(payload));
        String start = header("01") + "00000028" + "78";
        assertEquals(start, HEX.formatHex(written).substring(0, start.length()));
        byte[] bytes = HEX.parseHex(start + "9c2b2b230e00007a2f1271");
        assertArrayEquals(payload, payload(Payload.opened(Payload.read(bytes, CODEC, () -> 0))));
    }

    @Test
    void aFailureMarkStandsThereInTheseBytes() {
        String bytes =
                "47430104" + STAMP + "00000013" + "6a6176612e696f2e494f457863657074696f6e" + "00000003" + "6ec3b6";
        assertEquals(bytes, HEX.formatHex(mark()));
        Look.Failed read = assertInstanceOf(Look.Failed.class, Payload.read(HEX.parseHex(bytes), CODEC, () -> 0));
        assertEquals(TOKEN, read.token());
        assertEquals("java.io.IOException", read.error());
        assertEquals("n\u00f6", read.message());
    }

    /** Of a record: its stamp, creation time, soft expiry, cost, flags, and its codec. */
    private static String header(String flags) {
        return "47430102" + STAMP + "0000018bcfe56800" + "0000000000000000" + "000004d2" + flags + "04" + "75746638";
    }

    private static byte[] payload(Look look) {
        Look.Present present = assertInstanceOf(Look.Present.class, look);
        byte[] payload = new byte[present.payload().remaining()];
        present.payload().get(payload);
        return payload;
    }

    @Test
    void aClaimSaysWhoseItIsAndHowLongItLives() {
        Look.Held held = assertInstanceOf(Look.Held.class, Payload.read(Payload.claim(TOKEN, 2_000), CODEC, () -> 7));
        assertEquals(new Look.Held(TOKEN, 2_000, 7), held);
    }

    @Test
    void aRecordGivesItsPayloadBackAndIsStampedByItsClaim() {
        byte[] bytes = record("héllo");
        assertArrayEquals("héllo".getBytes(StandardCharsets.UTF_8), payload(Payload.read(bytes, CODEC, () -> 0)));
        assertTrue(Payload.isStampedBy(bytes, TOKEN));
        assertFalse(Payload.isStampedBy(bytes, new Token(1, 2)));
    }

    @Test
    void anEmptyPayloadIsARecord() {
        assertInstanceOf(Look.Present.class, Payload.read(record(""), CODEC, () -> 0));
    }

    @Test
    void aLiveClaimOfAnUnknownFormatIsRespected() {
        byte[] claim = Payload.claim(TOKEN, 2_000);
        claim[2] = 99;
        assertEquals(
                TOKEN,
                assertInstanceOf(Look.Held.class, Payload.read(claim, CODEC, () -> 0))
                        .token());
        byte[] shorter = Arrays.copyOf(claim, Payload.STAMPED);
        assertEquals(
                TOKEN,
                assertInstanceOf(Look.Held.class, Payload.read(shorter, CODEC, () -> 0))
                        .token());
    }

    @Test
    void aRecordOfAnUnknownFormatKindOrCodecIsAMiss() {
        for (int changed : new int[] {2, 3}) {
            byte[] bytes = record("x");
            bytes[changed] = 99;
            assertInstanceOf(Look.Unreadable.class, Payload.read(bytes, CODEC, () -> 0));
        }
        assertInstanceOf(Look.Unreadable.class, Payload.read(record("x"), Payload.codecId("json"), () -> 0));
    }

    @Test
    void aFailureMarkSaysWhoseClaimFailedAndWhy() {
        Look.Failed mark = assertInstanceOf(Look.Failed.class, Payload.read(mark(), CODEC, () -> 0));
        assertEquals(TOKEN, mark.token());
        assertEquals("java.io.IOException", mark.error());
        assertEquals("n\u00f6", mark.message());
        assertArrayEquals(new byte[] {'G', 'C', 1, 4}, Arrays.copyOf(mark(), 4));
    }

    @Test
    void aFailureMarkOfAnUnknownFormatOrShapeIsAMiss() {
        byte[] newer = mark();
        newer[2] = 99;
        assertInstanceOf(Look.Unreadable.class, Payload.read(newer, CODEC, () -> 0));
        for (int length = 0; length <= mark().length + 1; length++) {
            if (length != mark().length) {
                Look look = Payload.read(Arrays.copyOf(mark(), length), CODEC, () -> 0);
                assertInstanceOf(Look.Unreadable.class, look, "of length " + length);
            }
        }
    }

    @Test
    void noBytesWhateverMakeReadingFail() {
        Random random = new Random(42);
        byte[] record = record("some payload");
        byte[] mark = mark();
        byte[] compressed = compressed();
        for (int i = 0; i < 40_000; i++) {
            byte[] good = i % 3 == 0 ? record : i % 3 == 1 ? mark : compressed;
            byte[] bytes = Arrays.copyOf(good, random.nextInt(good.length + 1));
            for (int flips = random.nextInt(4); flips > 0 && bytes.length > 0; flips--) {
                bytes[random.nextInt(bytes.length)] = (byte) random.nextInt();
            }
            Payload.opened(Payload.read(bytes, CODEC, () -> 0));
        }
    }

    @Test
    void everyTruncationOfARecordBeforeItsPayloadIsAMiss() {
        byte[] good = record("");
        for (int length = 0; length < good.length; length++) {
            Look look = Payload.read(Arrays.copyOf(good, length), CODEC, () -> 0);
            assertInstanceOf(Look.Unreadable.class, look, "cut to " + length);
        }
    }

    @Test
    void aCompressedRecordIsOpenedWhoeverReadsIt() {
        Look.Present present =
                assertInstanceOf(Look.Present.class, Payload.opened(Payload.read(compressed(), CODEC, () -> 0)));
        assertArrayEquals(new byte[500], payload(present));
        assertArrayEquals(compressed(), present.seen(), "by these bytes it can be claimed over");
        Look plain = Payload.read(record("x"), CODEC, () -> 0);
        assertEquals(plain, Payload.opened(plain));
    }

    @Test
    void aBrokenCompressedRecordIsAMiss() {
        byte[] good = compressed();
        for (int length = 0; length < good.length; length++) {
            Look look = Payload.opened(Payload.read(Arrays.copyOf(good, length), CODEC, () -> 0));
            assertInstanceOf(Look.Unreadable.class, look, "cut to " + length);
        }
        byte[] changed = good.clone();
        changed[good.length - 1] ^= 1;
        Look.Unreadable broken =
                assertInstanceOf(Look.Unreadable.class, Payload.opened(Payload.read(changed, CODEC, () -> 0)));
        assertArrayEquals(changed, broken.seen());
    }

    @Test
    void aRecordWithAnUnknownFlagIsAMiss() {
        for (int bit = 0; bit < 8; bit++) {
            byte[] bytes = record("x");
            bytes[Payload.STAMPED + 20] |= (byte) (1 << bit);
            Class<? extends Look> expected = bit == 0 ? Look.Present.class : Look.Unreadable.class;
            assertInstanceOf(expected, Payload.read(bytes, CODEC, () -> 0), "bit " + bit);
        }
    }

    @Test
    void aCodecIdMustBeShortAscii() {
        assertThrows(IllegalArgumentException.class, () -> Payload.codecId(""));
        assertThrows(IllegalArgumentException.class, () -> Payload.codecId("ü"));
        assertThrows(IllegalArgumentException.class, () -> Payload.codecId("x".repeat(65)));
    }

    private static byte[] compressed() {
        return Payload.record(TOKEN, 1, 2, CODEC, true, Deflated.of(new byte[500]));
    }

    private static byte[] mark() {
        return Payload.failed(TOKEN, new Failure("java.io.IOException", "n\u00f6", Duration.ofSeconds(1)));
    }

    private static byte[] record(String value) {
        return Payload.record(TOKEN, 1, 2, CODEC, false, value.getBytes(StandardCharsets.UTF_8));
    }

    @Test
    void aClaimOfANextFormatIsRespectedWithoutBelievingItsOtherFields() {
        Token token = Token.random();
        byte[] claim = Payload.claim(token, Integer.MAX_VALUE);
        claim[2] = 2;
        Look.Held held = assertInstanceOf(Look.Held.class, Payload.read(claim, CODEC, () -> 7));
        assertEquals(token, held.token());
        assertEquals(500, held.leaseMillis());
        byte[] shorter = java.util.Arrays.copyOf(claim, Payload.STAMPED);
        assertInstanceOf(Look.Held.class, Payload.read(shorter, CODEC, () -> 7));
    }

    @Test
    void aRecordOfANextFormatIsAMissThatCanBeClaimedOver() {
        byte[] record = Payload.record(Token.random(), 1, 2, CODEC, false, new byte[] {1, 2, 3});
        record[2] = 2;
        Look.Unreadable miss = assertInstanceOf(Look.Unreadable.class, Payload.read(record, CODEC, () -> 0));
        assertEquals(record, miss.seen());
    }

    @Test
    void theLengthOfARecordThatNoArrayCanHoldIsKnownAllTheSame() {
        byte[] codec = Payload.codecId("utf8");
        assertEquals(
                Payload.record(Token.random(), 0, 0, codec, false, new byte[7]).length, Payload.recordLength(codec, 7));
        assertEquals(Integer.MAX_VALUE - 2L + 42 + codec.length, Payload.recordLength(codec, Integer.MAX_VALUE - 2));
    }
}
