package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class RedisSharedStoreTest {

    @Test
    void aStoreSaysWhereItsServerIsAndNotByWhichPassword() {
        try (RedisSharedStore store =
                RedisSharedStore.builder("redis://user:secret@127.0.0.1:1/0").build()) {
            assertEquals("RedisSharedStore[Redis at 127.0.0.1:1]", store.toString());
        }
    }
}
