package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;

/** A change that cannot be told, among the answers to what was asked. */
class PushErrorIT {

    private static final Duration LONG = Duration.ofMinutes(1);

    @Test
    void anErrorWhileAChangeIsToldGivesNobodyTheAnswerOfAnother() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                TcpProxy proxy = TcpProxy.to(redis.port());
                RedisSharedStore store = RedisSharedStore.builder("redis://127.0.0.1:" + proxy.port())
                        .commandTimeout(Duration.ofSeconds(5))
                        .build()) {
            SharedSpace<String> space = store.open("errors", KeyCodec.string(), "utf8", key -> {
                if (failing.get()) {
                    throw new StackOverflowError("as if");
                }
            });
            Claim claim = new Claim(Token.random(), LONG, () -> {});
            assertInstanceOf(Look.Granted.class, space.claim("k", claim, null, vouch -> {}));
            AtomicReference<Vouch> word = new AtomicReference<>();
            assertEquals(Published.PUBLISHED, space.publish("k", claim, new byte[] {1}, LONG, word::set));
            List<String> others = List.of("a", "b", "c", "d");
            others.forEach(key -> redis.command("SET", key, "of " + key));
            Link link = store.links().get(0);
            proxy.holdReplies(true);
            failing.set(true);
            RedisSpace<String> real = (RedisSpace<String>) space;
            redis.command("DEL", new String(whole(real), StandardCharsets.ISO_8859_1));
            List<Reply<byte[]>> asked = new ArrayList<>();
            for (String key : others) {
                Reply<byte[]> get = Reply.get(key.getBytes(StandardCharsets.US_ASCII), output -> {});
                asked.add(get);
                link.send(get);
            }
            await().until(() -> redis.command("INFO", "commandstats").toString().contains("cmdstat_get:calls=6"));
            proxy.holdReplies(false);
            for (int i = 0; i < asked.size(); i++) {
                assertIsNotOfAnother("of " + others.get(i), asked.get(i));
            }
            await().until(link::isLost);
            assertTrue(word.get().servableUntil() < 0, "what it showed is believed no more");
            failing.set(false);
            await().ignoreExceptions().until(() -> space.look("k", vouch -> {}) instanceof Look.Nothing);
            assertNotEquals(List.of(link), store.links());
        }
    }

    private static byte[] whole(RedisSpace<String> space) {
        return Invalidations.whole(space.generations().current(), space.bare("k"));
    }

    /** Answered by the server, or not at all. */
    private static void assertIsNotOfAnother(String value, Reply<byte[]> asked) throws Exception {
        await().atMost(3, TimeUnit.SECONDS).until(asked::isDone);
        if (!asked.isCompletedExceptionally()) {
            assertEquals(value, new String(asked.get(), StandardCharsets.US_ASCII));
        }
    }
}
