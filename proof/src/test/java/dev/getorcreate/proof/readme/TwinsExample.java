package dev.getorcreate.proof.readme;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class TwinsExample {

    @Test
    void aLocalEntryExpiresAndRedisIsAskedAgain() {
        VirtualTime time = new VirtualTime();
        try (InMemorySharedStore redis = new InMemorySharedStore(new InMemoryRedis(time));
                GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("users")
                        .local(CaffeineLocal.defaults().expireAfterWrite(Duration.ofSeconds(30)))
                        .shared(redis, KeyCodec.string(), Codec.string())
                        .timeToLive(Duration.ofMinutes(10))
                        .arbiter(new InMemoryArbiter<>())
                        .timeSource(time)
                        .build()) {
            assertEquals(Source.CREATED, cache.obtain("ann", key -> "user 1").source());
            assertEquals(Source.LOCAL, cache.obtain("ann", key -> "user 2").source());
            time.advance(Duration.ofSeconds(31));
            assertEquals(Source.SHARED, cache.obtain("ann", key -> "user 3").source());
            redis.faults().unreachable(true);
            time.advance(Duration.ofSeconds(31));
            assertEquals(Source.FOUND, cache.obtain("ann", key -> "user 4").source());
        }
    }
}
