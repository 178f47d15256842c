package dev.getorcreate.testkit;

import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Token;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** How {@link InMemorySharedStore} writes claims, records and failure marks: a header with kind and token, then what is particular. */
final class InMemoryFormat {

    private static final String ALL = "\u2217";
    private static final byte FORMAT = 'M';
    private static final byte CLAIM = 'C';
    private static final byte RECORD = 'R';
    private static final byte FAILED = 'F';
    private static final int HEADER = 2 + 2 * Long.BYTES;

    private InMemoryFormat() {}

    /** The namespace is escaped, so that no two caches can collide. Characters of the key are its bytes. */
    static String rawKey(String cache, byte[] key) {
        return prefix(cache) + new String(key, StandardCharsets.ISO_8859_1);
    }

    static String prefix(String cache) {
        String name = new String(cache.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1);
        return name.replace("%", "%25").replace(":", "%3a") + ":0:";
    }

    /** Stands for all keys of a cache. No raw key ends so: their characters are bytes. */
    static String allKeys(String cache) {
        return prefix(cache) + ALL;
    }

    static boolean isAllKeys(String rawKey) {
        return rawKey.endsWith(ALL);
    }

    static boolean covers(String allKeys, String rawKey) {
        return isAllKeys(allKeys) && rawKey.startsWith(allKeys.substring(0, allKeys.length() - ALL.length()));
    }

    static byte[] claim(Token token, long leaseMillis) {
        return header(CLAIM, token, Long.BYTES).putLong(leaseMillis).array();
    }

    static byte[] record(Token token, String codecId, byte[] payload) {
        byte[] id = codecId.getBytes(StandardCharsets.US_ASCII);
        return header(RECORD, token, 1 + id.length + payload.length)
                .put((byte) id.length)
                .put(id)
                .put(payload)
                .array();
    }

    static byte[] failed(Token token, Failure failure) {
        byte[] error = failure.error().getBytes(StandardCharsets.UTF_8);
        byte[] message = failure.message().getBytes(StandardCharsets.UTF_8);
        return header(FAILED, token, 2 * Integer.BYTES + error.length + message.length)
                .putInt(error.length)
                .put(error)
                .putInt(message.length)
                .put(message)
                .array();
    }

    private static ByteBuffer header(byte kind, Token token, int rest) {
        return ByteBuffer.allocate(HEADER + rest)
                .put(FORMAT)
                .put(kind)
                .putLong(token.high())
                .putLong(token.low());
    }

    static boolean isClaimOf(byte @Nullable [] seen, Token token) {
        return is(CLAIM, seen, token);
    }

    static boolean isRecordOf(byte @Nullable [] seen, Token token) {
        return is(RECORD, seen, token);
    }

    private static boolean is(byte kind, byte @Nullable [] seen, Token token) {
        return seen != null
                && seen.length >= HEADER
                && Arrays.equals(header(kind, token, 0).array(), 0, HEADER, seen, 0, HEADER);
    }

    /** What the bytes mean to a reader with this codec. */
    static Look read(byte @Nullable [] seen, String codecId, long changes) {
        if (seen == null) {
            return Look.Nothing.NOTHING;
        }
        if (seen.length < HEADER || seen[0] != FORMAT) {
            return new Look.Unreadable(seen, "unknown format");
        }
        ByteBuffer bytes = ByteBuffer.wrap(seen);
        byte kind = bytes.get(1);
        bytes.position(2);
        Token token = new Token(bytes.getLong(), bytes.getLong());
        if (kind == CLAIM && bytes.remaining() == Long.BYTES) {
            return new Look.Held(token, bytes.getLong(), changes);
        }
        if (kind == RECORD && bytes.hasRemaining()) {
            byte[] id = new byte[bytes.get()];
            if (bytes.remaining() >= id.length) {
                bytes.get(id);
                return new String(id, StandardCharsets.US_ASCII).equals(codecId)
                        ? new Look.Present(bytes.slice(), seen)
                        : new Look.Unreadable(seen, "another codec");
            }
        }
        if (kind == FAILED) {
            String error = text(bytes);
            String message = error == null ? null : text(bytes);
            if (error != null && message != null && !bytes.hasRemaining()) {
                return new Look.Failed(token, error, message, seen);
            }
        }
        return new Look.Unreadable(seen, "unknown kind");
    }

    private static @Nullable String text(ByteBuffer bytes) {
        int length = bytes.remaining() < Integer.BYTES ? -1 : bytes.getInt();
        if (length < 0 || length > bytes.remaining()) {
            return null;
        }
        byte[] text = new byte[length];
        bytes.get(text);
        return new String(text, StandardCharsets.UTF_8);
    }
}
