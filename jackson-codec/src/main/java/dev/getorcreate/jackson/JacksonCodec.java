package dev.getorcreate.jackson;

import dev.getorcreate.spi.Codec;
import java.nio.ByteBuffer;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.JavaType;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.ObjectWriter;
import tools.jackson.databind.SerializationFeature;
import tools.jackson.databind.cfg.DateTimeFeature;
import tools.jackson.databind.json.JsonMapper;

/**
 * Values as JSON. Safe for use by several threads; nothing blocks.
 *
 * <p>The type is fixed here and never read from the payload: a mapper with default typing activated is refused, since
 * whoever can write to the shared store could then choose which classes are instantiated. For a closed set of subtypes
 * use {@code @JsonTypeInfo(use = Id.NAME)} on the base type.
 *
 * <p><b>While two versions of a program run</b>, each reads what the other wrote. A property that this version does not
 * know is ignored (Jackson 3's default; a mapper that was given decides for itself). A property that is missing becomes
 * null, or an error for a primitive of a record or a constructor; a field or a setter's keeps its default. Check what must not
 * be null in the record's compact constructor, then an older payload is a miss and is made anew. Where a default would do
 * harm, or the same property changed its meaning, choose another {@link #withId id}: payloads of another id are misses.
 *
 * <p><b>Beside Jackson 2</b>, whose annotations Jackson 3 shares: where something manages them at a version that is too old,
 * as Spring Boot 3 does, {@code of} throws {@code NoClassDefFoundError:
 * com/fasterxml/jackson/annotation/JsonSerializeAs}. Manage {@code com.fasterxml.jackson.core:jackson-annotations} at 2.21
 * yourself then.
 */
public final class JacksonCodec<V> implements Codec<V> {

    private static final String DEFAULT_ID = "json";
    private static final int LONGEST_ID = 64;

    private final String id;
    private final JavaType type;
    private final ObjectReader reader;
    private final ObjectWriter writer;

    private JacksonCodec(String id, JavaType type, ObjectReader reader, ObjectWriter writer) {
        this.id = id;
        this.type = type;
        this.reader = reader;
        this.writer = writer;
    }

    /**
     * Values of a class that is not generic; records work without annotations.
     *
     * @throws IllegalArgumentException if the class has type parameters, which would not come back: use
     *     {@link #of(TypeReference)}
     */
    public static <V> JacksonCodec<V> of(Class<V> type) {
        return exact(of(type, JsonMapper.shared()));
    }

    /**
     * Values of a class that is not generic, by a mapper of one's own, for instance Spring Boot's, as
     * {@link #of(TypeReference, JsonMapper)}.
     *
     * @throws IllegalArgumentException if the class has type parameters, or the mapper has default typing activated
     */
    public static <V> JacksonCodec<V> of(Class<V> type, JsonMapper mapper) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(mapper, "mapper");
        if (type.getTypeParameters().length > 0) {
            throw new IllegalArgumentException(
                    type.getName()
                            + " is generic, and a Class does not say of what: use JacksonCodec.of(new TypeReference<...>() {})");
        }
        return of(mapper.constructType(type), mapper);
    }

    /** Values of a generic type, for instance {@code of(new TypeReference<List<User>>() {})}. */
    public static <V> JacksonCodec<V> of(TypeReference<V> type) {
        return exact(of(type, JsonMapper.shared()));
    }

    /**
     * Jackson's defaults bring a time back at UTC, and without its zone, and write nothing of a class that shows no
     * properties: all but the creator would see another value.
     */
    private static <V> JacksonCodec<V> exact(JacksonCodec<V> byDefaults) {
        return new JacksonCodec<>(
                byDefaults.id,
                byDefaults.type,
                byDefaults.reader.without(DateTimeFeature.ADJUST_DATES_TO_CONTEXT_TIME_ZONE),
                byDefaults
                        .writer
                        .with(DateTimeFeature.WRITE_DATES_WITH_ZONE_ID)
                        .with(SerializationFeature.FAIL_ON_EMPTY_BEANS));
    }

    /**
     * Values of a type, by a mapper of one's own, which is used as it is. (Without {@code WRITE_DATES_WITH_ZONE_ID}, and with
     * {@code ADJUST_DATES_TO_CONTEXT_TIME_ZONE}, which are Jackson's defaults, times with an offset or a zone come back at
     * UTC.)
     *
     * @throws IllegalArgumentException if the mapper has default typing activated
     */
    public static <V> JacksonCodec<V> of(TypeReference<V> type, JsonMapper mapper) {
        Objects.requireNonNull(type, "type");
        Objects.requireNonNull(mapper, "mapper");
        return of(mapper.constructType(type), mapper);
    }

    private static <V> JacksonCodec<V> of(JavaType type, JsonMapper mapper) {
        // Asked for Object, the type that every kind of default typing covers.
        JavaType anything = mapper.constructType(Object.class);
        if (mapper.deserializationConfig().getDefaultTyper(anything) != null
                || mapper.serializationConfig().getDefaultTyper(anything) != null) {
            throw new IllegalArgumentException(
                    "the mapper has default typing activated: payloads would name the classes"
                            + " to be instantiated. Use a mapper without it, and @JsonTypeInfo(use = Id.NAME) where subtypes"
                            + " are needed");
        }
        // Rubbish behind a value is rubbish, whatever the mapper says: half of a payload must not pass for a record.
        ObjectReader reader = mapper.readerFor(type).with(DeserializationFeature.FAIL_ON_TRAILING_TOKENS);
        return new JacksonCodec<>(DEFAULT_ID, type, reader, mapper.writerFor(type));
    }

    /**
     * The same codec under another id, for instance {@code "json-2"}: to be changed when older payloads can no longer be
     * read, or would be misread.
     *
     * @param newId 1 to 64 printable ASCII characters
     */
    public JacksonCodec<V> withId(String newId) {
        Objects.requireNonNull(newId, "newId");
        if (newId.isEmpty() || newId.length() > LONGEST_ID || !newId.chars().allMatch(c -> c > ' ' && c < 0x7f)) {
            throw new IllegalArgumentException(
                    "a codec's id must be 1 to " + LONGEST_ID + " printable ASCII characters, not '" + newId + "'");
        }
        return new JacksonCodec<>(newId, type, reader, writer);
    }

    /** {@code "json"} unless {@link #withId} chose another. It does not name the type, so that a class can be moved. */
    @Override
    public String id() {
        return id;
    }

    /** @throws tools.jackson.core.JacksonException if Jackson cannot write the value */
    @Override
    public byte[] encode(V value) {
        return writer.writeValueAsBytes(Objects.requireNonNull(value, "value"));
    }

    /**
     * The value back.
     *
     * @throws RuntimeException if the bytes are no JSON of the type, or are JSON's {@code null}
     */
    @Override
    public V decode(ByteBuffer bytes) {
        @Nullable V value = read(bytes);
        if (value == null) {
            throw new IllegalArgumentException("the payload is JSON's null, which is no " + type.toCanonical());
        }
        return value;
    }

    private @Nullable V read(ByteBuffer bytes) {
        if (bytes.hasArray()) {
            return reader.readValue(bytes.array(), bytes.arrayOffset() + bytes.position(), bytes.remaining());
        }
        byte[] copy = new byte[bytes.remaining()];
        bytes.duplicate().get(copy);
        return reader.readValue(copy);
    }

    @Override
    public String toString() {
        return "JacksonCodec[" + id + ", " + type.toCanonical() + "]";
    }
}
