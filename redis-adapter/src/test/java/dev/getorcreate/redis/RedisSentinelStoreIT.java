package dev.getorcreate.redis;

import dev.getorcreate.testkit.RedisSentinels;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.SharedStoreContract;
import dev.getorcreate.testkit.SharedStoreHarness;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Tag;

/** The whole contract on an upstream that Sentinels name. */
@Tag("matrix")
class RedisSentinelStoreIT extends SharedStoreContract {

    private static RedisSentinels sentinels;

    @BeforeAll
    static void start() {
        sentinels = Servers.need("Redis Sentinels", () -> RedisSentinels.start("main"));
    }

    @AfterAll
    static void stop() {
        if (sentinels != null) {
            sentinels.close();
        }
    }

    @Override
    protected SharedStoreHarness newHarness() {
        return RedisHarness.of(sentinels);
    }
}
