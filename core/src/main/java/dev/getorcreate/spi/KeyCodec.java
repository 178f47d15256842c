package dev.getorcreate.spi;

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

    /** Strings as UTF-8. One with an unpaired surrogate is refused with an {@link IllegalArgumentException}. */
    static KeyCodec<String> string() {
        return StringCodec.INSTANCE;
    }

    /**
     * Keys that have a faithful text, for instance {@code KeyCodec.text(String::valueOf, Long::valueOf)}; as UTF-8. A text
     * with an unpaired surrogate is refused with an {@link IllegalArgumentException}.
     */
    static <K> KeyCodec<K> text(Function<? super K, String> write, Function<String, ? extends K> read) {
        Objects.requireNonNull(write, "write");
        Objects.requireNonNull(read, "read");
        return new KeyCodec<>() {
            @Override
            public byte[] encode(K key) {
                return StringCodec.INSTANCE.encode(write.apply(key));
            }

            @Override
            public K decode(byte[] bytes) {
                return read.apply(StringCodec.INSTANCE.decode(bytes));
            }
        };
    }
}
