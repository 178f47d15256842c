package dev.getorcreate.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cache's part of the keys: {@code <name>:<generation>:<key>}, the name escaped so that no two can collide and none has
 * a colon in it.
 */
final class Namespace {

    /** One generation for now. */
    private static final String GENERATION = "0";

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";

    private final String escaped;
    private final byte[] prefix;

    Namespace(String cache) {
        this.escaped = escape(cache);
        this.prefix = (escaped + ":" + GENERATION + ":").getBytes(StandardCharsets.US_ASCII);
    }

    String escaped() {
        return escaped;
    }

    byte[] key(byte[] key) {
        byte[] whole = Arrays.copyOf(prefix, prefix.length + key.length);
        System.arraycopy(key, 0, whole, prefix.length, key.length);
        return whole;
    }

    /** The key without the prefix, or null if it is of another generation. */
    byte @Nullable [] strip(byte[] whole) {
        boolean mine =
                whole.length >= prefix.length && Arrays.equals(whole, 0, prefix.length, prefix, 0, prefix.length);
        return mine ? Arrays.copyOfRange(whole, prefix.length, whole.length) : null;
    }

    /** The escaped name that a whole key begins with, or null if it has none. */
    static @Nullable String of(byte[] whole) {
        for (int i = 0; i < whole.length; i++) {
            if (whole[i] == ':') {
                return new String(whole, 0, i, StandardCharsets.US_ASCII);
            }
        }
        return null;
    }

    private static String escape(String name) {
        StringBuilder out = new StringBuilder();
        for (byte b : name.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = b > 0 && PLAIN.indexOf(b) >= 0;
            if (plain) {
                out.append((char) b);
            } else {
                out.append('%').append(String.format("%02X", b & 0xFF));
            }
        }
        return out.toString();
    }
}
