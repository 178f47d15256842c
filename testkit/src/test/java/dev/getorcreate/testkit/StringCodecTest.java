package dev.getorcreate.testkit;

import dev.getorcreate.spi.Codec;
import java.util.List;

class StringCodecTest extends CodecContract<String> {

    @Override
    protected Codec<String> codec() {
        return Codec.string();
    }

    @Override
    protected List<String> values() {
        return List.of("", "a", "?", "\u0000", "\u00e4\u20ac", "\ud83d\ude00", "x".repeat(100_000));
    }

    @Override
    protected List<byte[]> garbage() {
        return List.of(new byte[] {(byte) 0xff}, new byte[] {(byte) 0xc3}, new byte[] {'a', (byte) 0x80});
    }
}
