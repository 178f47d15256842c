package dev.getorcreate.redis;

import java.nio.ByteBuffer;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.Base64;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * Keys that are too long to stand in Redis as they are: their SHA-256 does, and a change is told with that alone. So those
 * that were asked for are remembered here. It may forget any: a change of a hash that is not known is then taken for a
 * change of all. That two keys have the same SHA-256 is not provided for.
 */
final class LongKeys<K> {

    /** The longest key, in bytes, that stands in Redis as it is. */
    static final int LONGEST_PLAIN = 256;

    private static final int MOST = 10_000;
    private static final long MOST_BYTES = 64 << 20;

    /** Guard: concurrent map. */
    private final Map<ByteBuffer, K> byHash = new ConcurrentHashMap<>();
    /** Guard: atomic. About what the keys take. */
    private final AtomicLong bytes = new AtomicLong();

    void remember(byte[] encoded, K key) {
        if (byHash.size() >= MOST || bytes.get() > MOST_BYTES) {
            byHash.clear();
            bytes.set(0);
        }
        if (byHash.put(ByteBuffer.wrap(hash(encoded)), key) == null) {
            bytes.addAndGet(encoded.length);
        }
    }

    @Nullable
    K of(byte[] hash) {
        return byHash.get(ByteBuffer.wrap(hash));
    }

    static byte[] hash(byte[] encoded) {
        try {
            byte[] digest = MessageDigest.getInstance("SHA-256").digest(encoded);
            return Base64.getUrlEncoder().withoutPadding().encode(digest);
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every JVM has SHA-256", e);
        }
    }
}
