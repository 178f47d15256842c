package dev.getorcreate.redis;

import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What stands at a key, byte by byte. The first twenty bytes never change between versions, so that an older or newer
 * library can always tell a live claim: {@code 'G' 'C'}, format, kind, and a 16-byte stamp (the token of a claim; of a
 * record or a failure mark, the token of the claim that it replaced).
 *
 * <p>Then, big-endian, in a claim: its lease (int, ms). In a record of format 1: creation time (long, epoch ms), soft
 * expiry (long, epoch ms, 0 for none), creation cost (int, ms), flags (byte; 1: compressed), codec id (length byte,
 * ASCII), payload (compressed: its length before that, int, and zlib's format). In a failure mark of format 1: the error's class name and its message (each with its length before it, int; UTF-8).
 */
final class Payload {

    static final int STAMPED = 20;

    private static final byte[] MAGIC = {'G', 'C'};
    private static final byte FORMAT = 1;
    private static final byte CLAIM = 1;
    private static final byte RECORD = 2;
    private static final byte FAILED = 4; // 3 is kept for 'known to be absent'
    /** Of a claim whose lease stands somewhere else: soon after it, the server is asked how long the claim lives. */
    private static final int UNKNOWN_LEASE_MILLIS = 500;

    private static final int CLAIM_LENGTH = STAMPED + 4;
    private static final byte COMPRESSED = 1;
    private static final int FLAGS = STAMPED + 8 + 8 + 4;
    private static final int RECORD_FIXED = FLAGS + 1 + 1;
    private static final byte[] NOTHING = new byte[0];

    private Payload() {}

    static byte[] claim(Token token, long leaseMillis) {
        return stamped(CLAIM, token, CLAIM_LENGTH)
                .putInt((int) Math.min(Integer.MAX_VALUE, leaseMillis))
                .array();
    }

    /** The bytes by which a claim is compared: everything up to and including its token. */
    static byte[] claimStamp(Token token) {
        return stamped(CLAIM, token, STAMPED).array();
    }

    /** Of the record that {@link #record} makes of so many bytes; it may be longer than an array can be. */
    static long recordLength(byte[] codecId, int payload) {
        return (long) RECORD_FIXED + codecId.length + payload;
    }

    static byte[] record(
            Token token, long createdMillis, long costMillis, byte[] codecId, boolean compressed, byte[] payload) {
        return stamped(RECORD, token, RECORD_FIXED + codecId.length + payload.length)
                .putLong(createdMillis)
                .putLong(0)
                .putInt((int) Math.min(Integer.MAX_VALUE, costMillis))
                .put(compressed ? COMPRESSED : 0)
                .put((byte) codecId.length)
                .put(codecId)
                .put(payload)
                .array();
    }

    static byte[] failed(Token token, Failure failure) {
        byte[] error = failure.error().getBytes(StandardCharsets.UTF_8);
        byte[] message = failure.message().getBytes(StandardCharsets.UTF_8);
        return stamped(FAILED, token, STAMPED + 4 + error.length + 4 + message.length)
                .putInt(error.length)
                .put(error)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static ByteBuffer stamped(byte kind, Token token, int length) {
        return ByteBuffer.allocate(length)
                .put(MAGIC)
                .put(FORMAT)
                .put(kind)
                .putLong(token.high())
                .putLong(token.low());
    }

    /** The codec id as it stands in records. */
    static byte[] codecId(String id) {
        byte[] bytes = id.getBytes(StandardCharsets.US_ASCII);
        if (bytes.length < 1 || bytes.length > 64 || !id.equals(new String(bytes, StandardCharsets.US_ASCII))) {
            throw new IllegalArgumentException("a codec's id must have 1 to 64 ASCII characters, not '" + id + "'");
        }
        return bytes;
    }

    static boolean isStampedBy(byte[] bytes, Token token) {
        return bytes.length >= STAMPED && stamp(bytes).equals(token);
    }

    private static Token stamp(byte[] bytes) {
        ByteBuffer buffer = ByteBuffer.wrap(bytes);
        return new Token(buffer.getLong(4), buffer.getLong(12));
    }

    /** What the bytes are; a claim, with the changes that its key has seen. */
    static Look read(byte[] bytes, byte[] codecId, LongSupplier changes) {
        if (bytes.length < STAMPED || bytes[0] != MAGIC[0] || bytes[1] != MAGIC[1]) {
            return new Look.Unreadable(bytes, "no header of this library");
        }
        if (bytes[3] == CLAIM) { // of any format: a live claim is respected
            boolean known = bytes[2] == FORMAT && bytes.length >= CLAIM_LENGTH;
            int lease = known ? ByteBuffer.wrap(bytes).getInt(STAMPED) : UNKNOWN_LEASE_MILLIS;
            return new Look.Held(stamp(bytes), Math.max(0, lease), changes.getAsLong());
        }
        if (bytes[2] == FORMAT && bytes[3] == RECORD) {
            return record(bytes, codecId);
        }
        if (bytes[2] == FORMAT && bytes[3] == FAILED) {
            return failed(bytes);
        }
        return new Look.Unreadable(bytes, "format " + bytes[2] + ", kind " + bytes[3] + " is unknown here");
    }

    private static Look failed(byte[] bytes) {
        ByteBuffer rest = ByteBuffer.wrap(bytes, STAMPED, bytes.length - STAMPED);
        String error = text(rest);
        String message = error == null ? null : text(rest);
        return error == null || message == null || rest.hasRemaining()
                ? new Look.Unreadable(bytes, "the failure mark has another shape")
                : new Look.Failed(stamp(bytes), error, message, bytes);
    }

    private static @Nullable String text(ByteBuffer rest) {
        int length = rest.remaining() < 4 ? -1 : rest.getInt();
        if (length < 0 || length > rest.remaining()) {
            return null;
        }
        byte[] text = new byte[length];
        rest.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }

    private static Look record(byte[] bytes, byte[] codecId) {
        int idStart = RECORD_FIXED;
        int idEnd = bytes.length < idStart ? -1 : idStart + bytes[idStart - 1];
        if (idEnd < idStart || idEnd > bytes.length) {
            return new Look.Unreadable(bytes, "the record is cut short");
        }
        if (!Arrays.equals(bytes, idStart, idEnd, codecId, 0, codecId.length) || (bytes[FLAGS] & ~COMPRESSED) != 0) {
            return new Look.Unreadable(bytes, "the record is another codec's, or has unknown flags");
        }
        ByteBuffer payload = ByteBuffer.wrap(bytes, idEnd, bytes.length - idEnd).slice();
        return new Look.Present(payload.asReadOnlyBuffer(), bytes);
    }

    /** What it is, with a compressed payload made readable, or found broken. */
    static Look opened(Look look) {
        if (!(look instanceof Look.Present record) || (record.seen()[FLAGS] & COMPRESSED) == 0) {
            return look;
        }
        byte[] payload = Deflated.inflate(record.payload().duplicate());
        return payload == null
                ? new Look.Unreadable(record.seen(), "the compressed payload is broken")
                : new Look.Present(ByteBuffer.wrap(payload).asReadOnlyBuffer(), record.seen());
    }

    /** A key of another type, which has no bytes. */
    static Look otherType() {
        return new Look.Unreadable(NOTHING, "the key is of another type");
    }
}
