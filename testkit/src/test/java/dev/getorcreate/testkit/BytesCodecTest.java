package dev.getorcreate.testkit;

import dev.getorcreate.spi.Codec;
import java.util.List;

class BytesCodecTest extends CodecContract<byte[]> {

    @Override
    protected Codec<byte[]> codec() {
        return Codec.bytes();
    }

    @Override
    protected List<byte[]> values() {
        return List.of(new byte[0], new byte[] {0}, new byte[] {-1, 0, 1});
    }

    @Override
    protected List<byte[]> garbage() {
        return List.of();
    }
}
