package dev.getorcreate.testkit;

import static java.time.Duration.ofSeconds;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.UncheckedIOException;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class RedisSentinelsIT {

    private RedisSentinels all;

    @BeforeEach
    void start() {
        all = Servers.need("Redis Sentinel", () -> RedisSentinels.start("records"));
    }

    @AfterEach
    void close() {
        if (all != null) {
            all.close();
        }
    }

    @Test
    void theUriNamesTheSentinelsAndTheyNameTheUpstream() {
        assertTrue(
                all.uri()
                        .matches(
                                "redis-sentinel://127\\.0\\.0\\.1:\\d+,127\\.0\\.0\\.1:\\d+,127\\.0\\.0\\.1:\\d+#records"),
                all.uri());
        assertSame(all.servers().get(0), all.upstream());
        for (RedisServer sentinel : all.sentinels()) {
            assertEquals(
                    List.of("127.0.0.1", Integer.toString(all.upstream().port())),
                    sentinel.command("SENTINEL", "GET-MASTER-ADDR-BY-NAME", "records"));
        }
        all.upstream().command("SET", "k", "v");
        assertEquals(2L, all.upstream().command("WAIT", "2", "5000"));
        assertEquals("v", all.servers().get(2).command("GET", "k"));
    }

    @Test
    void anOrderedFailoverTakesTheDataAlongAndTheOldOneCopiesThen() {
        RedisServer first = all.upstream();
        first.command("SET", "k", "v");
        assertEquals(2L, first.command("WAIT", "2", "5000"));
        RedisServer second = all.failover();
        assertNotSame(first, second);
        assertSame(second, all.upstream());
        assertEquals("v", second.command("GET", "k"));
        all.awaitReplicas();
        second.command("SET", "k", "w");
        assertEquals(2L, second.command("WAIT", "2", "5000"));
        assertEquals("w", first.command("GET", "k"));
    }

    @Test
    void aKilledUpstreamIsReplacedAndComesBackAsReplica() {
        RedisServer old = all.upstream();
        old.command("SET", "k", "v");
        assertEquals(2L, old.command("WAIT", "2", "5000"));
        old.kill();
        RedisServer fresh = all.awaitUpstreamOtherThan(old);
        assertEquals("v", fresh.command("GET", "k"));
        old.restart();
        awaitCopyAt(old);
        assertSame(fresh, all.upstream());
    }

    @Test
    void aFrozenUpstreamIsReplacedAndIsNoneOnceItThaws() {
        RedisServer old = all.upstream();
        old.freeze();
        RedisServer fresh = all.awaitUpstreamOtherThan(old);
        old.thaw();
        fresh.command("SET", "k", "v");
        awaitCopyAt(old);
        assertSame(fresh, all.upstream());
    }

    @Test
    void nothingIsLeftWhenItIsClosed() {
        List<ProcessHandle> processes = Stream.concat(all.servers().stream(), all.sentinels().stream())
                .map(server -> ProcessHandle.of(server.pid()).orElseThrow())
                .toList();
        assertEquals(6, processes.size());
        String folder = ((List<?>) all.upstream().command("CONFIG", "GET", "dir"))
                .get(1)
                .toString();
        all.close();
        processes.forEach(process -> assertFalse(process.isAlive()));
        assertFalse(new java.io.File(folder).exists());
    }

    /** Its connections are ended when it is made a replica. */
    private static void awaitCopyAt(RedisServer server) {
        await().atMost(ofSeconds(30))
                .ignoreException(UncheckedIOException.class)
                .until(() -> "v".equals(server.command("GET", "k")));
    }
}
