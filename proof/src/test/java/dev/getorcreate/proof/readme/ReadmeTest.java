package dev.getorcreate.proof.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.jdbc.JdbcArbiterBuilder;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.proof.readme.Users.User;
import dev.getorcreate.redis.RedisSharedStoreBuilder;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The README cannot say what is not there. */
class ReadmeTest {

    private static final Path ROOT = Path.of("").toAbsolutePath().getParent();
    private static final Pattern LINK = Pattern.compile("]\\((?!https?:|#)([^)#]+)(#[^)]*)?\\)");
    private static final Pattern SETTING = Pattern.compile("(?m)^\\| `(\\w+)\\.(\\w+)` \\|");
    private static final List<Class<?>> SETTERS =
            List.of(CacheBuilder.class, CaffeineLocal.class, RedisSharedStoreBuilder.class, JdbcArbiterBuilder.class);

    /** What a cache consists of, and what only tests set: not knobs. */
    private static final Set<String> NO_KNOBS = Set.of(
            "CacheBuilder.local",
            "CacheBuilder.shared",
            "CacheBuilder.arbiter",
            "CacheBuilder.timeSource",
            "CaffeineLocal.defaults",
            "JdbcArbiterBuilder.table",
            "JdbcArbiterBuilder.key",
            "JdbcArbiterBuilder.columns",
            "JdbcArbiterBuilder.mapper",
            "JdbcArbiterBuilder.keyOf");

    private static String readme() throws IOException {
        return Files.readString(ROOT.resolve("README.md"));
    }

    @Test
    void theExampleIsTheClassThatRuns() throws IOException {
        String source = Files.readString(ROOT.resolve("proof/src/test/java/dev/getorcreate/proof/readme/Users.java"));
        String withoutPackage = source.substring(source.indexOf("import ")).strip();
        assertTrue(
                readme().contains("```java\n" + withoutPackage + "\n```"),
                "the README's example must be, word for word, what stands below the package line of Users.java");
    }

    @Test
    void theCodecsOfOtherTypesAreThoseThatCompile() throws IOException {
        String source =
                Files.readString(ROOT.resolve("proof/src/test/java/dev/getorcreate/proof/readme/OtherTypes.java"));
        String fields = source.substring(source.indexOf("{") + 1, source.lastIndexOf("}"));
        assertTrue(
                readme().contains("```java\n"
                        + fields.stripTrailing().stripIndent().strip() + "\n```"),
                "the README's codecs must be the fields of OtherTypes.java");
        OtherTypes types = new OtherTypes();
        assertEquals(42L, types.numbers.decode(types.numbers.encode(42L)));
        List<User> users = List.of(new User("ann@example.org", new UUID(1, 2)));
        assertEquals(users, types.lists.decode(ByteBuffer.wrap(types.lists.encode(users))));
    }

    @Test
    void theExampleOfTheTwinsIsTheClassThatRuns() throws IOException {
        String source =
                Files.readString(ROOT.resolve("proof/src/test/java/dev/getorcreate/proof/readme/TwinsExample.java"));
        String body = source.substring(source.indexOf("import ")).strip();
        assertTrue(
                Files.readString(ROOT.resolve("docs/testing.md")).contains("```java\n" + body + "\n```"),
                "docs/testing.md must show TwinsExample.java, word for word");
        new TwinsExample().aLocalEntryExpiresAndRedisIsAskedAgain();
    }

    @Test
    void theSettingsAreThoseThatCanBeSetAndNoneIsMissing() throws IOException {
        Set<String> listed = SETTING.matcher(readme())
                .results()
                .map(row -> row.group(1) + "." + row.group(2))
                .collect(Collectors.toCollection(TreeSet::new));
        Set<String> settable = SETTERS.stream()
                .flatMap(type -> Stream.of(type.getDeclaredMethods())
                        .filter(method -> setsSomething(type, method))
                        .map(method -> type.getSimpleName() + "." + method.getName()))
                .filter(name -> !NO_KNOBS.contains(name))
                .collect(Collectors.toCollection(TreeSet::new));
        assertEquals(settable, listed);
    }

    private static boolean setsSomething(Class<?> type, Method method) {
        return Modifier.isPublic(method.getModifiers()) && method.getReturnType() == type;
    }

    @Test
    void theLinksOfAllPagesLeadSomewhere() throws IOException {
        List<Path> pages;
        try (Stream<Path> files = Stream.concat(Files.list(ROOT), Files.walk(ROOT.resolve("docs")))) {
            pages = files.filter(file -> file.toString().endsWith(".md")).toList();
        }
        assertTrue(pages.size() >= 5, pages::toString);
        for (Path page : pages) {
            List<String> links = LINK.matcher(Files.readString(page))
                    .results()
                    .map((MatchResult link) -> link.group(1))
                    .toList();
            for (String link : links) {
                assertTrue(Files.exists(page.resolveSibling(link)), () -> page + " links to " + link);
            }
        }
    }
}
