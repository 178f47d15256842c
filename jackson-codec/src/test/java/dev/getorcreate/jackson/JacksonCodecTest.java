package dev.getorcreate.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.getorcreate.spi.Codec;
import java.math.BigDecimal;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.type.TypeReference;
import tools.jackson.databind.DefaultTyping;
import tools.jackson.databind.DeserializationFeature;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.jsontype.BasicPolymorphicTypeValidator;
import tools.jackson.databind.jsontype.PolymorphicTypeValidator;

class JacksonCodecTest {

    record Account(UUID id, String owner, BigDecimal balance, Instant opened, Duration notice, Optional<String> note) {}

    record Point(int x, int y) {}

    record Named(String name) {
        Named {
            Objects.requireNonNull(name, "name");
        }
    }

    @JsonTypeInfo(use = JsonTypeInfo.Id.NAME)
    @JsonSubTypes({@JsonSubTypes.Type(Circle.class), @JsonSubTypes.Type(Square.class)})
    sealed interface Shape {}

    record Circle(int radius) implements Shape {}

    record Square(int side) implements Shape {}

    private final Codec<Point> points = JacksonCodec.of(Point.class);

    private static ByteBuffer utf8(String text) {
        return ByteBuffer.wrap(text.getBytes(UTF_8));
    }

    private static <V> void assertComesBack(V value, Codec<V> codec) {
        assertEquals(value, codec.decode(ByteBuffer.wrap(codec.encode(value))));
    }

    @Test
    void aRecordOfTheUsualTypesComesBackEqual() {
        Instant nanos = Instant.parse("2024-02-29T23:59:59.123456789Z");
        Codec<Account> codec = JacksonCodec.of(Account.class);
        assertComesBack(
                new Account(
                        UUID.randomUUID(),
                        "Zoë \uD83D\uDE00",
                        new BigDecimal("12.3400"),
                        nanos,
                        Duration.ofNanos(1),
                        Optional.of("x")),
                codec);
        assertComesBack(
                new Account(UUID.randomUUID(), "", BigDecimal.ZERO, Instant.EPOCH, Duration.ZERO, Optional.empty()),
                codec);
    }

    @Test
    void genericTypesComeBackWithTheirTypeArguments() {
        Codec<Map<String, List<Point>>> codec = JacksonCodec.of(new TypeReference<Map<String, List<Point>>>() {});
        assertComesBack(Map.of("a", List.of(new Point(1, 2)), "b", List.of()), codec);
    }

    @Test
    void aClosedSetOfSubtypesComesBackAlsoInsideACollection() {
        assertComesBack(List.of(new Circle(1), new Square(2)), JacksonCodec.of(new TypeReference<List<Shape>>() {}));
    }

    @Test
    void aRawGenericClassIsRefusedAndTheErrorSaysWhatToUse() {
        var error = assertThrows(IllegalArgumentException.class, () -> JacksonCodec.of(List.class));
        assertTrue(error.getMessage().contains("TypeReference"), error.getMessage());
    }

    @Test
    void theMapperThatWasGivenIsUsed() {
        JsonMapper strict = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        Codec<Point> codec = JacksonCodec.of(new TypeReference<Point>() {}, strict);
        assertThrows(RuntimeException.class, () -> codec.decode(utf8("{\"x\":1,\"y\":2,\"z\":3}")));
    }

    @Test
    void aPropertyOfANewerVersionIsIgnored() {
        assertEquals(new Point(1, 2), points.decode(utf8("{\"x\":1,\"new\":{\"deep\":[1]},\"y\":2}")));
    }

    @Test
    void aPayloadOfAnOlderVersionIsAMissWhereTheRecordChecksItself() {
        Codec<Named> codec = JacksonCodec.of(Named.class);
        assertThrows(RuntimeException.class, () -> codec.decode(utf8("{}")));
    }

    @Test
    void aMissingPrimitiveIsNoZero() {
        assertThrows(RuntimeException.class, () -> points.decode(utf8("{\"x\":1}")));
    }

    @ParameterizedTest
    @ValueSource(
            strings = {
                "",
                " ",
                "null",
                "{",
                "[]",
                "7",
                "\"text\"",
                "{\"x\":1,\"y\":2",
                "{\"x\":1,\"y\":2}}",
                "{\"x\":1,\"y\":2}{\"x\":1,\"y\":2}",
                "{\"x\":\"one\",\"y\":2}",
                "\u0000\u0001\u0002",
                "rO0ABXNy"
            })
    void whatIsNoRecordOfTheTypeIsARuntimeException(String payload) {
        assertThrows(RuntimeException.class, () -> points.decode(utf8(payload)));
    }

    @Test
    void theNullOfJsonIsAnErrorAndNamesTheType() {
        var error = assertThrows(IllegalArgumentException.class, () -> points.decode(utf8("null")));
        assertTrue(error.getMessage().contains("Point"), error.getMessage());
    }

    @Test
    void trailingRubbishIsRefusedAlsoWhereTheMapperWouldTakeIt() {
        JsonMapper lax = JsonMapper.builder()
                .disable(DeserializationFeature.FAIL_ON_TRAILING_TOKENS)
                .build();
        Codec<Point> codec = JacksonCodec.of(new TypeReference<Point>() {}, lax);
        assertThrows(RuntimeException.class, () -> codec.decode(utf8("{\"x\":1,\"y\":2} rest")));
    }

    @Test
    void onlyTheBytesBetweenPositionAndLimitAreRead() {
        ByteBuffer middle = utf8("xx{\"x\":1,\"y\":2}yy").position(2).limit(15);
        assertEquals(new Point(1, 2), points.decode(middle));
        assertEquals(new Point(1, 2), points.decode(middle.slice()));
        assertEquals(new Point(1, 2), points.decode(middle.asReadOnlyBuffer()));
        ByteBuffer direct =
                ByteBuffer.allocateDirect(20).put(middle.duplicate()).flip();
        assertEquals(new Point(1, 2), points.decode(direct));
    }

    @ParameterizedTest
    @EnumSource(DefaultTyping.class)
    void aMapperWithDefaultTypingIsRefused(DefaultTyping kind) {
        PolymorphicTypeValidator trusting = BasicPolymorphicTypeValidator.builder()
                .allowIfBaseType(Object.class)
                .build();
        JsonMapper typing =
                JsonMapper.builder().activateDefaultTyping(trusting, kind).build();
        var error = assertThrows(
                IllegalArgumentException.class, () -> JacksonCodec.of(new TypeReference<Point>() {}, typing));
        assertTrue(error.getMessage().contains("default typing"), error.getMessage());
    }

    @Test
    void aClassNamedInAPayloadIsNotInstantiated() {
        Codec<Object> codec = JacksonCodec.of(Object.class);
        Object read = codec.decode(utf8("{\"@class\":\"java.util.Date\",\"time\":1}"));
        assertEquals(Map.of("@class", "java.util.Date", "time", 1), read);
    }

    @Test
    void theIdDoesNotNameTheTypeAndCanBeChosen() {
        assertEquals("json", points.id());
        assertEquals("json", JacksonCodec.of(Named.class).id());
        JacksonCodec<Point> second = JacksonCodec.of(Point.class).withId("json-2");
        assertEquals("json-2", second.id());
        assertComesBack(new Point(3, 4), second);
    }

    @ParameterizedTest
    @ValueSource(strings = {"", " ", "a b", "ü", "\n"})
    void anIdThatDoesNotFitIntoAPayloadIsRefused(String id) {
        assertThrows(IllegalArgumentException.class, () -> JacksonCodec.of(Point.class)
                .withId(id));
    }

    @Test
    void anIdIsAtMost64Characters() {
        assertEquals(
                "x".repeat(64),
                JacksonCodec.of(Point.class).withId("x".repeat(64)).id());
        assertThrows(IllegalArgumentException.class, () -> JacksonCodec.of(Point.class)
                .withId("x".repeat(65)));
    }
}
