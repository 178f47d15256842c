package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.spi.KeyCodec;
import org.junit.jupiter.api.Test;

class RedisSharedStoreTest {

    @Test
    void aStoreSaysWhereItsServerIsAndNotByWhichPassword() {
        try (RedisSharedStore store =
                RedisSharedStore.builder("redis://user:secret@127.0.0.1:1/0").build()) {
            assertEquals("RedisSharedStore[Redis at 127.0.0.1:1]", store.toString());
        }
    }

    @Test
    void aStoreThatIsClosedOpensNothing() {
        RedisSharedStore store = RedisSharedStore.builder("redis://127.0.0.1:1").build();
        store.close();
        IllegalStateException refused = assertThrows(
                IllegalStateException.class, () -> store.open("late", KeyCodec.string(), "utf8", key -> {}));
        assertEquals("this Redis store is closed", refused.getMessage());
    }
}
