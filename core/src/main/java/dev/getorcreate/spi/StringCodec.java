package dev.getorcreate.spi;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;

/** UTF-8, strict both ways: an unpaired surrogate would make different strings equal. */
final class StringCodec implements Codec<String>, KeyCodec<String> {

    static final StringCodec INSTANCE = new StringCodec();

    private StringCodec() {}

    @Override
    public String id() {
        return "utf8";
    }

    @Override
    public byte[] encode(String value) {
        byte[] fast = value.getBytes(StandardCharsets.UTF_8);
        // getBytes writes '?' for what UTF-8 cannot say; only a value with a '?' byte needs the strict look.
        for (byte b : fast) {
            if (b == '?') {
                return strict(value);
            }
        }
        return fast;
    }

    private static byte[] strict(String value) {
        try {
            ByteBuffer out = StandardCharsets.UTF_8.newEncoder().encode(CharBuffer.wrap(value));
            byte[] bytes = new byte[out.remaining()];
            out.get(bytes);
            return bytes;
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the string has an unpaired surrogate and is not valid text", e);
        }
    }

    @Override
    public String decode(byte[] bytes) {
        return decode(ByteBuffer.wrap(bytes));
    }

    @Override
    public String decode(ByteBuffer bytes) {
        try {
            return StandardCharsets.UTF_8.newDecoder().decode(bytes).toString();
        } catch (CharacterCodingException e) {
            throw new IllegalArgumentException("the bytes are not UTF-8", e);
        }
    }
}
