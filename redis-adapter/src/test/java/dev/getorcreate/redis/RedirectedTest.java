package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.CapturedLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A node of a cluster that sends a command on to one to which there is no connection. */
class RedirectedTest {

    private static final Watch NOBODY = vouch -> {};
    /** Shorter than the second for which a way to the other node is looked for; and as long as that leaves. */
    private static final Duration TIMEOUT = Duration.ofMillis(700);

    private static final String ELSEWHERE = "-ASK 1 127.0.0.1:1\r\n";

    private final ScriptedRedis node = new ScriptedRedis();
    private final RedisSharedStore store =
            RedisSharedStore.cluster(node.uri()).commandTimeout(TIMEOUT).build();
    private final SharedSpace<String> space = store.open("redirected", KeyCodec.string(), "utf8", key -> {});

    @AfterEach
    void close() {
        store.close();
        node.close();
    }

    private static String moving(String command, String there) {
        return command.startsWith("GET ") && command.endsWith(":moving") ? there : null;
    }

    private void assertNobodyIsSuspected(SharedStoreUnavailableException told) {
        assertTrue(
                told.getMessage().contains("127.0.0.1:" + node.port() + " answered ASK 1 127.0.0.1:1"),
                told.getMessage());
        assertFalse(store.links().get(0).pulse().isSuspect());
        assertInstanceOf(Look.Nothing.class, space.look("other", NOBODY));
    }

    @Test
    void aLookThatIsSentOnToNobodySaysSoAndTheOthersGoOn() {
        node.says(command -> moving(command, ELSEWHERE));
        assertInstanceOf(Look.Nothing.class, space.look("other", NOBODY));
        assertNobodyIsSuspected(
                assertThrows(SharedStoreUnavailableException.class, () -> space.look("moving", NOBODY)));
    }

    @Test
    void aWaitersLookThatIsSentOnToNobodySaysSoAndTheOthersGoOn() {
        byte[] claim = Payload.claim(Token.random(), 60_000);
        String held = ScriptedRedis.bulk(new String(claim, StandardCharsets.ISO_8859_1));
        node.says(command -> moving(command, held));
        Look.Held seen = assertInstanceOf(Look.Held.class, space.look("moving", NOBODY));
        node.says(command -> moving(command, ELSEWHERE));
        long until = TimeSource.system().nanoTime() + Duration.ofSeconds(20).toNanos();
        assertNobodyIsSuspected(
                assertThrows(SharedStoreUnavailableException.class, () -> space.next("moving", seen, until, NOBODY)));
    }

    @Test
    void whoAsksForAGenerationThatIsSentOnToNobodySaysSoAndTheOthersGoOn() {
        node.says(command -> command.startsWith("GETRANGE") ? ELSEWHERE : null);
        SharedStoreUnavailableException told =
                assertThrows(SharedStoreUnavailableException.class, () -> space.look("k", NOBODY));
        node.says(command -> null);
        assertNobodyIsSuspected(told);
    }

    @Test
    void whoInvalidatesAWholeCacheWhoseGenerationIsSentOnToNobodySuspectsNobody() {
        assertInstanceOf(Look.Nothing.class, space.look("other", NOBODY));
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            node.says(command -> command.contains(":generation") ? ELSEWHERE : null);
            assertEquals(Invalidation.PENDING, space.invalidateAll());
            assertTrue(log.lines().stream().noneMatch(line -> line.contains("did not answer")), log.lines()::toString);
        }
    }
}
