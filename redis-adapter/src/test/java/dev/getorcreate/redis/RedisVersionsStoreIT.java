package dev.getorcreate.redis;

import dev.getorcreate.testkit.RedisProgram;
import dev.getorcreate.testkit.SharedStoreContract;
import dev.getorcreate.testkit.SharedStoreHarness;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** The whole contract on each version of the server besides the usual one. */
@Tag("matrix")
class RedisVersionsStoreIT {

    /** Which knows no {@code SET} with {@code NX} and {@code GET}: claims are made by a script. */
    @Nested
    class OnRedis62 extends SharedStoreContract {
        @Override
        protected SharedStoreHarness newHarness() {
            return RedisHarness.of(RedisProgram.REDIS_6_2);
        }
    }

    @Nested
    class OnRedis80 extends SharedStoreContract {
        @Override
        protected SharedStoreHarness newHarness() {
            return RedisHarness.of(RedisProgram.REDIS_8_0);
        }
    }

    @Nested
    class OnValkey81 extends SharedStoreContract {
        @Override
        protected SharedStoreHarness newHarness() {
            return RedisHarness.of(RedisProgram.VALKEY_8_1);
        }
    }

    @Nested
    class OnTheNewestValkey extends SharedStoreContract {
        @Override
        protected SharedStoreHarness newHarness() {
            return RedisHarness.of(RedisProgram.VALKEY_NEWEST);
        }
    }
}
