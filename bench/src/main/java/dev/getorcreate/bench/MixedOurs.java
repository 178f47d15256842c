package dev.getorcreate.bench;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import java.time.Duration;
import java.util.function.UnaryOperator;

/** This library, with local entries that live as long as the others' do: by default they live for a minute. */
final class MixedOurs implements Contender {

    /**
     * Not the default: while several processes that have just begun share few processors, or were stopped, calls fail that
     * the others wait for. Lettuce's own is 60 s, and Redisson's 3.
     */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    private final RedisSharedStore store;
    private final GetOrCreateCache<String, String> cache;

    MixedOurs(String uri, Duration timeToLive) {
        store = RedisSharedStore.builder(uri).commandTimeout(PATIENCE).build();
        cache = GetOrCreateCache.<String, String>builder("bench")
                .local(CaffeineLocal.defaults().expireAfterWrite(timeToLive))
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(timeToLive)
                .build();
    }

    @Override
    public String getOrCreate(String key, UnaryOperator<String> creator) {
        return cache.getOrCreate(key, creator::apply);
    }

    @Override
    public void close() {
        cache.close();
        store.close();
    }
}
