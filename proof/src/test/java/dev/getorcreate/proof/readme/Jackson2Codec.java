package dev.getorcreate.proof.readme;

import com.fasterxml.jackson.databind.DeserializationFeature;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.ObjectReader;
import com.fasterxml.jackson.databind.util.ByteBufferBackedInputStream;
import dev.getorcreate.spi.Codec;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;

/** Values as JSON, by Jackson 2. Not by a mapper with default typing: whoever can write to Redis would choose classes. */
record Jackson2Codec<V>(ObjectMapper mapper, ObjectReader reader) implements Codec<V> {

    static <V> Jackson2Codec<V> of(Class<V> type, ObjectMapper mapper) {
        return new Jackson2Codec<>(mapper, mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS));
    }

    @Override
    public String id() {
        return "json-by-jackson-2"; // another one where older payloads would be misread
    }

    @Override
    public byte[] encode(V value) {
        try {
            return mapper.writeValueAsBytes(value);
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    @Override
    public V decode(ByteBuffer bytes) {
        try {
            return reader.readValue(new ByteBufferBackedInputStream(bytes));
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }
}
