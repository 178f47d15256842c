package dev.getorcreate.testkit;

import static java.time.Duration.ofSeconds;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("once")
class RedisClusterIT {

    private static final String KEY = "k";

    private RedisCluster cluster;

    @BeforeEach
    void start() {
        cluster = Servers.need("Redis Cluster", RedisCluster::start);
    }

    @AfterEach
    void close() {
        if (cluster != null) {
            cluster.close();
        }
    }

    @Test
    void everySlotIsServedAndEveryWriteIsCopied() {
        assertEquals(6, cluster.uris().size());
        for (String key : List.of("a", "b", "c", "d", "e", "f")) {
            RedisServer upstream = cluster.upstreamOf(key);
            assertEquals("OK", upstream.command("SET", key, "v"));
            assertEquals(1L, upstream.command("WAIT", "1", "5000"));
            RedisServer replica = cluster.replicaOf(upstream);
            replica.command("READONLY");
            assertEquals("v", replica.command("GET", key));
        }
        RedisServer upstream = cluster.upstreamOf(KEY);
        RedisServer other = cluster.nodes().stream()
                .filter(node -> node != upstream)
                .findFirst()
                .orElseThrow();
        assertError("MOVED " + cluster.slot(KEY) + " 127.0.0.1:" + upstream.port(), other, "GET", KEY);
    }

    @Test
    void anOrderedFailoverLosesNothingAndCanBeRepeatedAtOnce() {
        RedisServer old = cluster.upstreamOf(KEY);
        old.command("SET", KEY, "v");
        RedisServer promoted = cluster.failover(KEY);
        assertNotEquals(old.uri(), promoted.uri());
        assertEquals(promoted, cluster.upstreamOf(KEY));
        assertEquals(old, cluster.replicaOf(promoted));
        assertEquals("v", promoted.command("GET", KEY));
        assertError("MOVED", old, "GET", KEY);
        assertEquals(old, cluster.failover(KEY));
        assertEquals("v", old.command("GET", KEY));
    }

    @Test
    void aKilledUpstreamIsReplacedAndComesBackAsReplica() {
        RedisServer old = cluster.upstreamOf(KEY);
        RedisServer replica = cluster.replicaOf(old);
        old.command("SET", KEY, "v");
        old.command("WAIT", "1", "5000");
        old.kill();
        assertEquals(replica, cluster.upstreamOf(KEY));
        assertEquals("v", replica.command("GET", KEY));
        old.restart();
        await().atMost(ofSeconds(20)).until(() -> ClusterView.of(old).myself().copies() != null);
        cluster.awaitAgreement();
        assertEquals(old, cluster.replicaOf(replica));
    }

    @Test
    void aFrozenUpstreamIsReplacedAndLearnsItWhenItThaws() {
        RedisServer old = cluster.upstreamOf(KEY);
        RedisServer replica = cluster.replicaOf(old);
        old.freeze();
        assertEquals(replica, cluster.upstreamOf(KEY));
        old.thaw();
        // For a moment both think they serve it.
        await().atMost(ofSeconds(20)).until(() -> ClusterView.of(old).myself().copies() != null);
        cluster.awaitAgreement();
        assertEquals(replica, cluster.upstreamOf(KEY));
        assertError("MOVED", old, "GET", KEY);
    }

    @Test
    void aMigratedSlotTakesItsKeysAlong() {
        RedisServer from = cluster.upstreamOf(KEY);
        RedisServer to = otherUpstream(from);
        for (int i = 0; i < 250; i++) {
            from.command("SET", "{" + KEY + "}" + i, "v" + i);
        }
        cluster.migrate(cluster.slot(KEY), to);
        assertEquals(to, cluster.upstreamOf(KEY));
        for (int i = 0; i < 250; i++) {
            assertEquals("v" + i, to.command("GET", "{" + KEY + "}" + i));
        }
        assertError("MOVED", from, "GET", KEY);
    }

    @Test
    void halfWayTheOldUpstreamServesWhatItHasAndAsksForTheRest() {
        RedisServer from = cluster.upstreamOf(KEY);
        RedisServer to = otherUpstream(from);
        from.command("SET", KEY, "v");
        int slot = cluster.slot(KEY);
        SlotMigration migration = cluster.beginMigration(slot, to);
        assertEquals("v", from.command("GET", KEY));
        assertError("ASK " + slot + " 127.0.0.1:" + to.port(), from, "GET", "{" + KEY + "}new");
        migration.moveKeys();
        assertError("ASK", from, "GET", KEY);
        assertEquals(from, cluster.upstreamOf(slot));
        migration.finish();
        assertEquals(to, cluster.upstreamOf(slot));
        assertEquals("v", to.command("GET", KEY));
    }

    @Test
    void aNewUpstreamJoinsTheRunningClusterAndCanBeGivenASlot() {
        RedisServer added = cluster.addUpstream();
        assertEquals(7, cluster.uris().size());
        assertEquals(added.uri(), cluster.uris().get(6));
        assertEquals(List.of(), ClusterView.of(added).myself().slots());
        cluster.upstreamOf(KEY).command("SET", KEY, "v");
        cluster.migrate(cluster.slot(KEY), added);
        assertEquals(added, cluster.upstreamOf(KEY));
        assertEquals("v", added.command("GET", KEY));
    }

    @Test
    void aRestartedReplicaIsTheSameMemberAndGetsTheDataAgain() {
        RedisServer upstream = cluster.upstreamOf(KEY);
        upstream.command("SET", KEY, "v");
        RedisServer replica = cluster.replicaOf(upstream);
        String id = RedisCluster.id(replica);
        replica.restart();
        cluster.awaitAgreement();
        assertEquals(id, RedisCluster.id(replica));
        replica.command("READONLY");
        assertEquals("v", replica.command("GET", KEY));
    }

    @Test
    void nothingIsLeftWhenItIsClosed() {
        List<ProcessHandle> processes = cluster.nodes().stream()
                .map(node -> ProcessHandle.of(node.pid()).orElseThrow())
                .toList();
        Object folder = ((List<?>) cluster.node(0).command("CONFIG", "GET", "dir")).get(1);
        cluster.close();
        processes.forEach(process -> assertFalse(process.isAlive()));
        assertFalse(new java.io.File(folder.toString()).exists());
    }

    private RedisServer otherUpstream(RedisServer than) {
        return cluster.nodes().stream()
                .filter(node -> node != than && ClusterView.of(node).myself().upstream())
                .findFirst()
                .orElseThrow();
    }

    private static void assertError(String begin, RedisServer server, String... command) {
        RuntimeException error = assertThrows(RuntimeException.class, () -> server.command(command));
        assertTrue(error.getMessage().startsWith(begin), error.getMessage());
    }
}
