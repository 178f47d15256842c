package dev.getorcreate.proof.engine;

import dev.getorcreate.spi.Codec;
import java.nio.ByteBuffer;
import java.util.function.Function;

/** Strings as the library writes them, and read in a way of one's own. */
record StringsReadBy(Function<ByteBuffer, String> way) implements Codec<String> {

    @Override
    public String id() {
        return Codec.string().id();
    }

    @Override
    public byte[] encode(String value) {
        return Codec.string().encode(value);
    }

    @Override
    public String decode(ByteBuffer bytes) {
        return way.apply(bytes);
    }
}
