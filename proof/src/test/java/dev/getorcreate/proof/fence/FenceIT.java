package dev.getorcreate.proof.fence;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * The reply with the old value, and right behind it on the wire the push that says it changed, are both there before the
 * asking thread wakes. Red if it is noted in the asking thread, and not where the wire is seen, that the reply passed.
 */
class FenceIT {

    private static final int KEYS = 40;
    private static final Pattern GETS = Pattern.compile("cmdstat_get:calls=(\\d+)");

    @Test
    void aValueWhoseChangePassedBeforeTheAskerWokeIsAnsweredButNotKept() throws Exception {
        ExecutorService askers = Executors.newFixedThreadPool(KEYS);
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                TcpProxy proxy = TcpProxy.to(redis.port());
                RedisSharedStore behind = store(proxy.port());
                RedisSharedStore straight = store(redis.port());
                GetOrCreateCache<String, String> reader = cache(behind);
                GetOrCreateCache<String, String> writer = cache(straight)) {
            for (int i = 0; i < KEYS; i++) {
                assertEquals("old", writer.getOrCreate("k" + i, key -> "old"));
            }
            assertEquals(Optional.empty(), reader.find("which generation it is"));
            long getsBefore = gets(redis);
            proxy.holdReplies(true);
            List<Future<Outcome<String>>> asked = new ArrayList<>();
            for (int i = 0; i < KEYS; i++) {
                String key = "k" + i;
                asked.add(askers.submit(() -> reader.obtain(key, k -> "created by the reader")));
            }
            await().until(() -> gets(redis) == getsBefore + KEYS);
            for (int i = 0; i < KEYS; i++) {
                assertEquals(Invalidation.CONFIRMED, writer.invalidate("k" + i));
            }
            proxy.holdReplies(false);
            int kept = 0;
            for (int i = 0; i < KEYS; i++) {
                assertEquals(new Outcome<>("old", Source.SHARED), asked.get(i).get(20, TimeUnit.SECONDS));
            }
            // Its reply stands behind the pushes on the wire.
            assertEquals(Optional.empty(), reader.find("behind the pushes"));
            for (int i = 0; i < KEYS; i++) {
                kept += reader.find("k" + i).isPresent() ? 1 : 0;
            }
            assertEquals(0, kept, "stale values kept");
        } finally {
            askers.shutdownNow();
        }
    }

    private static long gets(RedisServer redis) {
        Matcher calls = GETS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    private static RedisSharedStore store(int port) {
        // Replies are held for a while here, and that must not be taken for a dead server.
        return RedisSharedStore.builder("redis://127.0.0.1:" + port)
                .commandTimeout(Duration.ofSeconds(20))
                .maxStaleness(Duration.ofSeconds(60))
                .build();
    }

    private static GetOrCreateCache<String, String> cache(RedisSharedStore store) {
        return GetOrCreateCache.<String, String>builder("fence")
                .local(CaffeineLocal.defaults())
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(5))
                .build();
    }
}
