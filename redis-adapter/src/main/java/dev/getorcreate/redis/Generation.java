package dev.getorcreate.redis;

import java.nio.charset.StandardCharsets;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * One generation of a cache's keys, as one link told it: the random stamp in their prefix. Told by identity; the same
 * stamp learnt over another link is another object.
 */
final class Generation {

    static final int STAMP_LENGTH = 11;
    private static final SecureRandom RANDOM = new SecureRandom();

    private final byte[] stamp;
    private final byte[] prefix;
    private final Link from;
    /** Guard: volatile. When it was last asked for. */
    private volatile long askedAt;

    Generation(Namespace namespace, byte[] stamp, Link from, long askedAt) {
        this.stamp = stamp;
        this.prefix = (namespace.escaped() + ":" + new String(stamp, StandardCharsets.US_ASCII))
                .getBytes(StandardCharsets.US_ASCII);
        this.from = from;
        this.askedAt = askedAt;
    }

    /** A stamp that nobody had before: a counter could come back after an eviction or a failover. */
    static byte[] newStamp() {
        byte[] random = new byte[8];
        RANDOM.nextBytes(random);
        return Base64.getUrlEncoder().withoutPadding().encode(random);
    }

    static boolean isStamp(byte[] bytes) {
        if (bytes.length != STAMP_LENGTH) {
            return false;
        }
        for (byte b : bytes) {
            boolean ok =
                    (b >= 'A' && b <= 'Z') || (b >= 'a' && b <= 'z') || (b >= '0' && b <= '9') || b == '-' || b == '_';
            if (!ok) {
                return false;
            }
        }
        return true;
    }

    boolean hasStamp(byte[] other) {
        return Arrays.equals(stamp, other);
    }

    boolean isSameAs(Generation other) {
        return hasStamp(other.stamp);
    }

    Link from() {
        return from;
    }

    /** When it was last known to hold: the link has told of every change up to then, or it was asked for then. */
    long provenAt() {
        return from.isUntracked() ? askedAt : from.tracking().provenAt();
    }

    long askedAt() {
        return askedAt;
    }

    void asked(long at) {
        askedAt = at;
    }

    /** The key as it stands in Redis: after the prefix and a colon; a long one hashed, after a number sign. */
    byte[] whole(byte[] key) {
        return key.length > LongKeys.LONGEST_PLAIN ? joined('#', LongKeys.hash(key)) : joined(':', key);
    }

    private byte[] joined(char separator, byte[] tail) {
        byte[] whole = Arrays.copyOf(prefix, prefix.length + 1 + tail.length);
        whole[prefix.length] = (byte) separator;
        System.arraycopy(tail, 0, whole, prefix.length + 1, tail.length);
        return whole;
    }

    /** The key that stands there as it is, or null: it is of another generation, or hashed. */
    byte @Nullable [] strip(byte[] whole) {
        return after(':', whole);
    }

    /** The hash of the key that stands there hashed, or null. */
    byte @Nullable [] hash(byte[] whole) {
        return after('#', whole);
    }

    private byte @Nullable [] after(char separator, byte[] whole) {
        boolean mine = whole.length > prefix.length
                && whole[prefix.length] == separator
                && Arrays.equals(whole, 0, prefix.length, prefix, 0, prefix.length);
        return mine ? Arrays.copyOfRange(whole, prefix.length + 1, whole.length) : null;
    }
}
