package dev.getorcreate.spi;

import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.function.Function;

/**
 * Keys as bytes, both ways: the shared store tells of changes by the bytes. Equal keys must give equal bytes, and
 * different keys different ones.
 */
public interface KeyCodec<K> {

    /** The key as bytes. */
    byte[] encode(K key);

    /** The key back from its bytes. */
    K decode(byte[] bytes);

    /** Strings as UTF-8. */
    static KeyCodec<String> string() {
        return StringCodec.INSTANCE;
    }

    /** Keys that have a faithful text, for instance {@code KeyCodec.text(Long::toString, Long::valueOf)}. */
    static <K> KeyCodec<K> text(Function<? super K, String> write, Function<String, ? extends K> read) {
        Objects.requireNonNull(write, "write");
        Objects.requireNonNull(read, "read");
        return new KeyCodec<>() {
            @Override
            public byte[] encode(K key) {
                return write.apply(key).getBytes(StandardCharsets.UTF_8);
            }

            @Override
            public K decode(byte[] bytes) {
                return read.apply(new String(bytes, StandardCharsets.UTF_8));
            }
        };
    }
}
