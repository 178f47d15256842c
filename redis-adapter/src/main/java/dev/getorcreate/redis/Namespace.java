package dev.getorcreate.redis;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A cache's part of the keys: {@code <name>:<generation>:<key>} and {@code <name>:generation}, the name escaped so that
 * no two can collide and none has a colon in it.
 */
final class Namespace {

    private static final String PLAIN = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789-_.";
    private static final String GENERATION = ":generation";

    private final String escaped;
    private final byte[] generationKey;

    Namespace(String cache) {
        this.escaped = escape(cache);
        this.generationKey = (escaped + GENERATION).getBytes(StandardCharsets.US_ASCII);
    }

    String escaped() {
        return escaped;
    }

    /** Where the current generation's stamp stands; it has one colon, and every record's key has two. */
    byte[] generationKey() {
        return generationKey.clone();
    }

    boolean isGenerationKey(byte[] whole) {
        return Arrays.equals(whole, generationKey);
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
