package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Watch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** A cluster whose nodes go by host names, and one of which has none. */
class UnknownHostTest {

    private static final Watch NOBODY = vouch -> {};

    private static byte[] bytes(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    private static Set<String> nodes(String host, List<?> metadata) {
        List<?> node = List.of(bytes(host), 7000L, bytes("id"), metadata);
        return Slots.parse(List.of(List.of(0L, 16_383L, node)), "asked").nodes();
    }

    @Test
    void aNodeWithoutAHostNameGoesByItsAddress() {
        assertEquals(Set.of("10.0.0.5:7000"), nodes("?", List.of(bytes("ip"), bytes("10.0.0.5"))));
        assertEquals(Set.of("name:7000"), nodes("name", List.of(bytes("ip"), bytes("10.0.0.5"))));
    }

    @Test
    void itIsConnectedToThere() {
        try (ScriptedRedis node = new ScriptedRedis()) {
            String slots = ScriptedRedis.array(ScriptedRedis.range(
                    0, 16_383, "?", node.port(), ScriptedRedis.bulk("ip"), ScriptedRedis.bulk("127.0.0.1")));
            node.says(command -> command.equals("CLUSTER SLOTS") ? slots : null);
            try (RedisSharedStore store =
                    RedisSharedStore.cluster("redis://localhost:" + node.port()).build()) {
                await().until(store::isConnected);
                assertEquals("127.0.0.1", store.links().get(0).host());
            }
        }
    }

    @Test
    void aNodeOfWhichNothingIsKnownIsNotTakenForTheOneThatWasAsked() {
        assertEquals(Set.of(), nodes("?", List.of()));
        assertEquals(Set.of("asked:7000"), nodes("", List.of()), "it leaves out its own name alone");
    }

    @Test
    void aCommandThatIsSentOnToItFailsAndSaysWhy() {
        try (ScriptedRedis node = new ScriptedRedis();
                RedisSharedStore store = RedisSharedStore.cluster(node.uri())
                        .maxStaleness(Duration.ofSeconds(30)) // or its ticks would ask too
                        .build()) {
            SharedSpace<String> space = store.open("unknown", KeyCodec.string(), "utf8", key -> {});
            assertInstanceOf(Look.Nothing.class, space.look("k", NOBODY));
            node.says(command -> command.startsWith("GET ") ? "-MOVED 1 ?:" + node.port() + "\r\n" : null);
            long before = node.count("CLUSTER SLOTS");
            String told = assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY))
                    .getMessage();
            assertTrue(told.contains("MOVED 1 ?:" + node.port()) && told.contains("cluster-announce-hostname"), told);
            await().until(() -> node.count("CLUSTER SLOTS") > before);
        }
    }
}
