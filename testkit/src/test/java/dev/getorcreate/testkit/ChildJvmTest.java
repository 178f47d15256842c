package dev.getorcreate.testkit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class ChildJvmTest {

    private static final Duration SOON = Duration.ofSeconds(20);

    @Test
    void speaksInLinesAndGetsArgumentsAndOptions() {
        try (ChildJvm child = ChildJvm.start("echo", List.of("-Dgreeting=hello"), Echo.class, "world")) {
            assertEquals("hello world", child.expect("hello .*", SOON));
            child.send("\u00e4 b");
            assertEquals("echo \u00e4 b", child.expect(line -> line.startsWith("echo"), SOON));
        }
    }

    @Test
    void endsWhenItsStandardInputCloses() {
        ChildJvm child = ChildJvm.start("echo", Echo.class, "world");
        child.expect(".*world", SOON);
        child.close();
        assertEquals(0, child.awaitExit(Duration.ZERO), "137 would say that it had to be killed");
    }

    @Test
    void saysWhatCameInsteadOfTheExpected() {
        try (ChildJvm child = ChildJvm.start("echo", Echo.class, "world")) {
            child.expect(".*world", SOON);
            child.send("this");
            child.send("exit 3");
            AssertionError e = assertThrows(AssertionError.class, () -> child.expect("that", SOON));
            assertTrue(e.getMessage().contains("echo this") && e.getMessage().contains("ended"), e.getMessage());
            assertEquals(3, child.awaitExit(SOON));
            assertThrows(AssertionError.class, () -> child.expect("that", SOON), "the end stays the end");
        }
    }

    @Test
    void aFrozenOneSaysNothingUntilItIsThawed() {
        try (ChildJvm child = ChildJvm.start("echo", Echo.class, "world")) {
            child.expect(".*world", SOON);
            child.freeze();
            child.send("x");
            assertThrows(AssertionError.class, () -> child.expect("echo x", Duration.ofMillis(200)));
            child.thaw();
            child.expect("echo x", SOON);
        }
    }

    @Test
    void aKilledOneIsGoneWithItsServerAndItsFolderAndItsFrozenChild() {
        try (ChildJvm child = ChildJvm.start("parent", Parent.class)) {
            String[] said = child.expect("started .*", SOON).split(" ");
            if (said[1].equals("nothing")) {
                Servers.need("Redis", RedisServer::startOwn).close();
            }
            Optional<ProcessHandle> server = ProcessHandle.of(Long.parseLong(said[1]));
            Optional<ProcessHandle> grandchild = ProcessHandle.of(Long.parseLong(said[2]));
            assertTrue(server.isPresent() && grandchild.isPresent());
            Path folder = Path.of(said[3]);
            assertTrue(Files.exists(folder));
            child.kill();
            await().atMost(SOON)
                    .until(() -> !server.get().isAlive() && !grandchild.get().isAlive());
            await().atMost(SOON).until(() -> !Files.exists(folder));
            assertFalse(child.isAlive());
        }
    }

    static final class Echo {
        public static void main(String[] args) throws InterruptedException {
            var sent = ChildJvm.endWithParent();
            var out = new java.io.PrintStream(System.out, true, java.nio.charset.StandardCharsets.UTF_8);
            out.println("a line nobody asked for");
            out.println(System.getProperty("greeting") + " " + args[0]);
            while (true) {
                String line = sent.take();
                if (line.startsWith("exit ")) {
                    System.exit(Integer.parseInt(line.substring(5)));
                }
                out.println("echo " + line);
            }
        }
    }

    static final class Parent {
        @SuppressWarnings("resource") // closed by the leash: that is what is tested
        public static void main(String[] args) throws InterruptedException {
            var sent = ChildJvm.endWithParent();
            try {
                RedisServer redis = RedisServer.startOwn();
                String folder =
                        ((List<?>) redis.command("CONFIG", "GET", "dir")).get(1).toString();
                ChildJvm frozen = ChildJvm.start("grandchild", Echo.class, "there");
                frozen.expect(".*there", SOON);
                frozen.freeze();
                redis.freeze();
                System.out.println("started " + redis.pid() + " " + frozen.pid() + " " + folder);
            } catch (Servers.Unavailable e) {
                System.out.println("started nothing");
            }
            sent.take();
        }
    }
}
