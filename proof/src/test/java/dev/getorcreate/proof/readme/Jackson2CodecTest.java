package dev.getorcreate.proof.readme;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import dev.getorcreate.proof.readme.Users.User;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.testkit.CodecContract;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.UUID;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The codec that the page on Spring shows, for those whose Jackson is 2. */
class Jackson2CodecTest extends CodecContract<User> {

    @Override
    protected Codec<User> codec() {
        return Jackson2Codec.of(User.class, new ObjectMapper());
    }

    @Override
    protected List<User> values() {
        return List.of(new User("ann@example.org", new UUID(1, 2)), new User("", new UUID(0, 0)));
    }

    @Override
    protected List<byte[]> garbage() {
        return Stream.of("", "{", "[]", "7", "{\"email\":7,\"id\":{}}", "{} {}")
                .map(text -> text.getBytes(UTF_8))
                .toList();
    }

    @Test
    void thePageShowsIt() throws IOException {
        Path sources = Path.of("src/test/java/dev/getorcreate/proof/readme/Jackson2Codec.java");
        String source = Files.readString(sources);
        String record = source.substring(source.indexOf("record ")).strip();
        assertTrue(
                Files.readString(Path.of("..", "docs", "spring.md")).contains("```java\n" + record + "\n```"),
                "docs/spring.md must show Jackson2Codec's record, word for word");
    }
}
