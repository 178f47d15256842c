package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.testkit.CapturedLog;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class UntoldChangeTest {

    /** Or the entry would be served on until its time to live ends, and nobody know why. */
    @Test
    void nothingIsVouchedForAfterAChangeThatCouldNotBeToldAndTheLogSaysSoOnce() {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                        .commandTimeout(Duration.ofSeconds(10))
                        .build()) {
            AtomicInteger changes = new AtomicInteger();
            RedisSpace<String> space = (RedisSpace<String>) store.open("untold", KeyCodec.string(), "utf8", key -> {
                if (changes.getAndIncrement() == 0) {
                    throw new NoClassDefFoundError("a class that is gone, as if");
                }
                throw new IllegalStateException("an equals that fails, as if");
            });
            Generation generation = space.generations().current();
            Link link = store.links().get(0);
            try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
                for (int i = 0; i < 2; i++) {
                    Vouch word = link.word(space.generations());
                    assertTrue(word.servableUntil() > store.time().nanoTime());
                    space.changed(link, Deletes.whole(generation, space.bare("k")));
                    assertTrue(word.servableUntil() < 0);
                }
                assertFalse(link.isLost(), "other caches use it too");
                assertEquals(1, log.lines().size(), () -> "once: " + log.lines());
                assertTrue(log.lines().get(0).contains("'untold'"), log.lines().get(0));
            }
        }
    }

    /** Its word goes on meanwhile, and somebody else may change the keys that it has. */
    @Test
    void aChangeIsToldAlsoWhileTheWholeCachesInvalidationIsNotDone() {
        AtomicInteger changes = new AtomicInteger();
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                        .commandTimeout(Duration.ofSeconds(10))
                        .build()) {
            RedisSpace<String> space = (RedisSpace<String>)
                    store.open("owed", KeyCodec.string(), "utf8", key -> changes.incrementAndGet());
            Generation generation = space.generations().current();
            redis.says(command -> command.startsWith("SET") ? "-OOM as if\r\n" : null);
            store.invalidations().beginAll(space, true);
            space.changed(store.links().get(0), Deletes.whole(generation, space.bare("k")));
            assertEquals(1, changes.get());
        }
    }

    /** It is not known for a moment under what the DEL was answered. */
    @Test
    void anInvalidationIsConfirmedThoughTheGenerationIsLearntAnewAsItIsAnswered() {
        try (ScriptedRedis redis = new ScriptedRedis();
                RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                        .commandTimeout(Duration.ofSeconds(10))
                        .build()) {
            RedisSpace<String> space = (RedisSpace<String>) store.open("anew", KeyCodec.string(), "utf8", key -> {});
            space.generations().current();
            String key = new String(space.namespace().generationKey(), StandardCharsets.US_ASCII);
            String push = ">2\r\n$10\r\ninvalidate\r\n*1\r\n" + ScriptedRedis.bulk(key);
            AtomicBoolean first = new AtomicBoolean(true);
            redis.says(command -> command.startsWith("DEL") && first.getAndSet(false) ? push + ":1\r\n" : null);
            assertEquals(Invalidation.CONFIRMED, space.invalidate("k"));
            assertFalse(store.invalidations().isPending(space.bare("k")));
        }
    }
}
