package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Vouch;
import java.time.Duration;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What becomes of an invalidation where a server says what no sound one does for long. */
class ScriptedInvalidationsTest {

    private final ScriptedRedis redis = new ScriptedRedis();
    private final RedisSharedStore store = RedisSharedStore.builder(redis.uri())
            .commandTimeout(Duration.ofSeconds(5))
            .build();
    private final RedisSpace<String> space = open();

    private RedisSpace<String> open() {
        return (RedisSpace<String>) store.open("scripted", KeyCodec.string(), "utf8", key -> {});
    }

    @AfterEach
    void close() {
        store.close();
        redis.close();
    }

    /** What it has read meanwhile is older than what the closed one was to forget. */
    @Test
    void whoOpenedACacheAnewServesNothingLocallyOnceAnInvalidationOfTheClosedOneIsRefused() {
        space.close();
        RedisSpace<String> heir = open();
        heir.generations().current();
        Vouch word = store.links().get(0).word(heir.generations());
        assertTrue(word.servableUntil() > store.time().nanoTime());
        redis.says(command -> command.startsWith("DEL") ? "-OOM as if\r\n" : null);
        assertEquals(Invalidation.PENDING, space.invalidate("k"));
        assertTrue(word.servableUntil() < 0);
    }
}
