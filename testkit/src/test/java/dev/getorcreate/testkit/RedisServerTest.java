package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.List;
import org.junit.jupiter.api.Test;

class RedisServerTest {

    @Test
    void answersCommandsWithStringsNumbersListsAndErrors() {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn)) {
            assertEquals("PONG", redis.command("PING"));
            assertEquals("OK", redis.command("SET", "k", "\u00ff\u0000\r\n"));
            assertEquals("\u00ff\u0000\r\n", redis.command("GET", "k"));
            assertNull(redis.command("GET", "nothing"));
            assertEquals(2L, redis.command("RPUSH", "list", "a", "b"));
            assertEquals(List.of("a", "b"), redis.command("LRANGE", "list", "0", "-1"));
            RuntimeException refused = assertThrows(RuntimeException.class, () -> redis.command("GET", "list"));
            assertTrue(refused.getMessage().startsWith("WRONGTYPE"), refused.getMessage());
            assertEquals("PONG", redis.command("PING"), "an error answer leaves the connection usable");
        }
    }

    @Test
    void aKilledOneComesBackEmptyOnTheSamePort() {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn)) {
            String uri = redis.uri();
            redis.command("SET", "k", "v");
            redis.kill();
            assertThrows(UncheckedIOException.class, () -> redis.command("PING"));
            redis.restart();
            assertEquals(uri, redis.uri());
            assertNull(redis.command("GET", "k"));
        }
    }

    @Test
    void aFrozenOneKeepsItsDataAndConnection() {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn)) {
            redis.command("SET", "k", "v");
            Object id = redis.command("CLIENT", "ID");
            redis.freeze();
            redis.thaw();
            assertEquals("v", redis.command("GET", "k"));
            assertEquals(id, redis.command("CLIENT", "ID"));
        }
    }

    @Test
    void nothingIsLeftWhenItIsClosed() {
        RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
        ProcessHandle process = ProcessHandle.of(redis.pid()).orElseThrow();
        String folder = ((List<?>) redis.command("CONFIG", "GET", "dir")).get(1).toString();
        redis.close();
        assertFalse(process.isAlive());
        assertFalse(new java.io.File(folder).exists());
    }

    @Test
    void argumentsOfTheCommandLineArePassedOn() {
        try (RedisServer redis = Servers.need("Redis", () -> RedisServer.start("--maxclients", "77"))) {
            assertEquals(List.of("maxclients", "77"), redis.command("CONFIG", "GET", "maxclients"));
        }
    }

    @Test
    void aBadArgumentIsToldWithTheServersWords() {
        IllegalStateException refused =
                assertThrows(IllegalStateException.class, () -> RedisServer.startOwn("--maxclients", "many"));
        assertTrue(refused.getMessage().contains("maxclients"), refused.getMessage());
    }
}
