package dev.getorcreate.jackson;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.annotation.JsonSubTypes;
import com.fasterxml.jackson.annotation.JsonTypeInfo;
import dev.getorcreate.spi.Codec;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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

    /** It would be written as {}, and come back as another value. */
    @Test
    void aClassThatShowsNoPropertiesIsNotWritten() {
        Codec<Hidden> codec = JacksonCodec.of(Hidden.class);
        var error = assertThrows(RuntimeException.class, () -> codec.encode(new Hidden()));
        assertTrue(error.getMessage().contains("Hidden"), error.getMessage());
    }

    static final class Hidden {
        private final int value = 1;

        @Override
        public String toString() {
            return "hidden " + value;
        }
    }

    @Test
    void theMapperThatWasGivenIsUsed() {
        JsonMapper strict = JsonMapper.builder()
                .enable(DeserializationFeature.FAIL_ON_UNKNOWN_PROPERTIES)
                .build();
        for (Codec<Point> codec :
                List.of(JacksonCodec.of(new TypeReference<Point>() {}, strict), JacksonCodec.of(Point.class, strict))) {
            assertEquals(new Point(1, 2), codec.decode(utf8("{\"x\":1,\"y\":2}")));
            assertThrows(RuntimeException.class, () -> codec.decode(utf8("{\"x\":1,\"y\":2,\"z\":3}")));
        }
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
