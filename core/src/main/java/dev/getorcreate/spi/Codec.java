package dev.getorcreate.spi;

import java.nio.ByteBuffer;

/**
 * Values as bytes. Safe for use by several threads. Never Java serialization. It must not wait for anything: whoever joined
 * waits for it, and nothing bounds a decoding.
 */
public interface Codec<V> {

    /**
     * Stands in every payload; a payload of another id is a miss. 1 to 64 ASCII characters. Change it when old payloads
     * can no longer be read.
     */
    String id();

    /** The value as bytes, never null. */
    byte[] encode(V value);

    /**
     * The value back. A cache reads the first record that it writes once more, to warn of a codec that cannot.
     *
     * Check a length that the bytes tell before you allocate it: an OutOfMemoryError reaches callers.
     *
     * @throws RuntimeException if the bytes are none of this codec's: the payload is then a miss, counted and overwritten
     */
    V decode(ByteBuffer bytes);

    /** Strings as UTF-8. */
    static Codec<String> string() {
        return StringCodec.INSTANCE;
    }

    /** Bytes as they are. The arrays are not copied: who gets one must not write to it. */
    static Codec<byte[]> bytes() {
        return BytesCodec.INSTANCE;
    }
}
