package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.File;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class ServerOrderTest {

    private static ServerOrder<String> order(BooleanSupplier docker) {
        return new ServerOrder<>(url -> "named " + url, docker, () -> "container", () -> "embedded");
    }

    @Test
    void aNamedServerGoesFirstAndDockerIsNotEvenAsked() {
        assertEquals(
                "named redis://there",
                order(() -> {
                            throw new AssertionError("asked");
                        })
                        .start(" redis://there "));
    }

    @Test
    void aContainerGoesBeforeAnEmbeddedOne() {
        assertEquals("container", order(() -> true).start(null));
        assertEquals("container", order(() -> true).start(" "));
    }

    @Test
    void anEmbeddedOneIsTheLastResort() {
        assertEquals("embedded", order(() -> false).start(null));
    }

    @Test
    void aContainerThatDoesNotStartIsAnErrorAndNoReasonToGoOn() {
        ServerOrder<String> order = new ServerOrder<>(
                url -> url,
                () -> true,
                () -> {
                    throw new IllegalStateException("no image");
                },
                () -> "embedded");
        assertThrows(IllegalStateException.class, () -> order.start(null));
    }

    @Test
    void withoutTestcontainersNothingIsMissed() throws Exception {
        Process child = Servers.need("Redis", () -> {
            RedisServer.startOwn().close();
            return child("testcontainers", "docker-java", "postgres");
        });
        String said = new String(child.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, child.waitFor(), said);
        assertEquals("PONG true", said.strip());
    }

    private static Process child(String... withoutJars) {
        String path = Arrays.stream(System.getProperty("java.class.path").split(File.pathSeparator))
                .filter(entry -> Arrays.stream(withoutJars)
                        .noneMatch(
                                jar -> Path.of(entry).getFileName().toString().contains(jar)))
                .collect(Collectors.joining(File.pathSeparator));
        String java = Path.of(System.getProperty("java.home"), "bin", "java").toString();
        ProcessBuilder described = new ProcessBuilder(java, "-cp", path, Child.class.getName());
        described.environment().remove(RedisServer.URL_VARIABLE);
        return Leashed.start(described.redirectErrorStream(true)).process();
    }

    /** Asks for both servers where only Redis' jar is there. */
    static final class Child {
        public static void main(String[] args) {
            try (RedisServer redis = RedisServer.start()) {
                boolean embedded = redis.pid() > 0;
                System.out.println(redis.command("PING") + " " + (embedded && !Docker.answersForPostgres()));
            }
        }
    }
}
