package dev.getorcreate.redis;

import dev.getorcreate.testkit.RedisProgram;
import dev.getorcreate.testkit.SharedStoreContract;
import dev.getorcreate.testkit.SharedStoreHarness;

class RedisSharedStoreIT extends SharedStoreContract {

    @Override
    protected SharedStoreHarness newHarness() {
        return RedisHarness.of(RedisProgram.REDIS_7_0);
    }
}
