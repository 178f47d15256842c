package dev.getorcreate.bench;

import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.RedisServer;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import java.time.Duration;
import java.util.concurrent.TimeUnit;

/** What another process would have, in this one: a store and a cache of its own, and a count of what it sends. */
final class CountedProcess implements AutoCloseable {

    final WireCounter wire = new WireCounter();
    private final ClientResources resources =
            DefaultClientResources.builder().nettyCustomizer(wire).build();
    private final AbstractRedisClient client;
    private final RedisSharedStore store;
    private final GetOrCreateCache<String, String> cache;

    /**
     * A process.
     *
     * @param maxStaleness a PING goes every quarter of it
     */
    CountedProcess(RedisServer redis, Duration maxStaleness) {
        client = Site.client(Site.STANDALONE, redis.uri(), resources);
        store = Site.store(client, redis.uri())
                .maxStaleness(maxStaleness)
                .commandTimeout(Duration.ofSeconds(5))
                .build();
        cache = GetOrCreateCache.<String, String>builder("cost")
                .local(CaffeineLocal.defaults().maximumSize(100_000))
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(10))
                .build();
    }

    /** Asks, and insists on where the answer comes from: else something else would be measured. */
    void ask(String key, Source expected, Creator<String, String> creator) {
        Outcome<String> answer = cache.obtain(key, creator);
        if (answer.source() != expected) {
            throw new IllegalStateException("'" + key + "' was " + answer.source() + ", not " + expected);
        }
    }

    @Override
    public void close() {
        cache.close();
        store.close();
        client.shutdown(0, 1, TimeUnit.SECONDS);
        resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
    }
}
