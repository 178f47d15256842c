package dev.getorcreate.testkit;

import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;
import java.util.stream.Collectors;
import org.awaitility.Awaitility;
import org.awaitility.core.ConditionFactory;
import org.awaitility.core.ConditionTimeoutException;

/**
 * A real Redis Cluster for tests: upstream nodes with a replica each, on free ports of the loopback interface, without
 * persistence. Each node is a {@link RedisServer} of our own, that a test can kill, freeze and restart; a restarted one
 * is the same member as before, and empty.
 *
 * <p>Every method blocks until the cluster has done what was asked and every running node agrees on it, which takes
 * from some milliseconds to a few seconds; it throws {@code ConditionTimeoutException} when that is not so in half a
 * minute. An upstream that is killed or frozen is replaced by its replica after some two seconds. All of it ends with
 * {@link #close}, and with this JVM however that ends.
 */
public final class RedisCluster implements AutoCloseable {

    /** How long a silent node is waited for until its replica takes over. */
    public static final Duration NODE_TIMEOUT = Duration.ofMillis(1500);

    private static final int SLOTS = 16_384;
    private static final Duration PATIENCE = Duration.ofSeconds(30);
    /** A server gives up an ordered failover after 5 s, for instance when the voters had voted a moment ago. */
    private static final Duration FAILOVER_TRY = Duration.ofSeconds(6);

    private final Path folder = Leashed.folder("getorcreate-cluster-");
    private final Path program;
    private final List<RedisServer> nodes = new CopyOnWriteArrayList<>();

    private RedisCluster(RedisProgram which) {
        program = which.provide(folder);
    }

    /**
     * Three upstreams, and a replica of each.
     *
     * @throws Servers.Unavailable if the program cannot be had
     */
    public static RedisCluster start() {
        return start(RedisProgram.REDIS_7_0, 3);
    }

    /**
     * As many upstreams, and a replica of each: {@code node(i)} is an upstream for {@code i < upstreams}, its replica is
     * {@code node(upstreams + i)}. With less than three nobody is replaced, since it takes a majority of them.
     *
     * @throws Servers.Unavailable if the program cannot be had
     */
    public static RedisCluster start(RedisProgram which, int upstreams) {
        RedisCluster cluster = new RedisCluster(which);
        try {
            for (int i = 0; i < 2 * upstreams; i++) {
                cluster.launch();
            }
            cluster.form(upstreams);
            return cluster;
        } catch (Throwable e) {
            cluster.close();
            throw e;
        }
    }

    private RedisServer launch() {
        Path home = Leashed.folder("getorcreate-cluster-node-");
        String[] args = {
            "--cluster-enabled", "yes",
            "--cluster-node-timeout", Long.toString(NODE_TIMEOUT.toMillis()),
            "--cluster-announce-ip", "127.0.0.1",
            // A replica takes over however long it was cut off, and stays with the upstream the test gave it.
            "--cluster-replica-validity-factor", "0",
            "--cluster-allow-replica-migration", "no",
            "--repl-diskless-sync-delay", "0"
        };
        try {
            RedisServer node = RedisServer.startOn(
                    EmbeddedRedis::freeClusterPort, home, port -> EmbeddedRedis.command(program, home, port, args));
            nodes.add(node);
            return node;
        } catch (Throwable e) {
            Leashed.removeFolder(home);
            throw e;
        }
    }

    private void form(int upstreams) {
        for (int i = 0; i < nodes.size(); i++) {
            RedisServer node = nodes.get(i);
            node.command("CLUSTER", "SET-CONFIG-EPOCH", Integer.toString(i + 1));
            meet(node);
            if (i < upstreams) {
                serve(node, SLOTS * i / upstreams, SLOTS * (i + 1) / upstreams);
            }
        }
        until("every node knows every other", () -> running().stream()
                .allMatch(node -> ClusterView.of(node).members().size() == nodes.size()));
        for (int i = upstreams; i < nodes.size(); i++) {
            nodes.get(i).command("CLUSTER", "REPLICATE", id(nodes.get(i - upstreams)));
        }
        awaitAgreement();
    }

    private void meet(RedisServer node) {
        node.command(
                "CLUSTER",
                "MEET",
                "127.0.0.1",
                Integer.toString(running().get(0).port()));
    }

    private static void serve(RedisServer node, int from, int to) {
        List<String> command = new ArrayList<>(List.of("CLUSTER", "ADDSLOTS"));
        for (int slot = from; slot < to; slot++) {
            command.add(Integer.toString(slot));
        }
        node.command(command.toArray(String[]::new));
    }

    /** {@code redis://127.0.0.1:port} of every node, also of one that was killed. */
    public List<String> uris() {
        return nodes.stream().map(RedisServer::uri).toList();
    }

    /** Every node, in the order in which they were started. */
    public List<RedisServer> nodes() {
        return List.copyOf(nodes);
    }

    /** The node with this number, from 0. */
    public RedisServer node(int number) {
        return nodes.get(number);
    }

    /** The slot of a key. */
    public int slot(String key) {
        return Math.toIntExact((Long) Objects.requireNonNull(running().get(0).command("CLUSTER", "KEYSLOT", key)));
    }

    /** The node that serves the slot; waits until one of the running nodes does. */
    public RedisServer upstreamOf(int slot) {
        List<RedisServer> found = new ArrayList<>();
        until("a running node serves slot " + slot, () -> {
            found.addAll(running().stream()
                    .filter(node -> {
                        ClusterView.Member self = ClusterView.of(node).myself();
                        return self.upstream() && self.serves(slot);
                    })
                    // A replaced one that just came back may not know yet.
                    .sorted(Comparator.comparingLong((RedisServer node) ->
                                    ClusterView.of(node).myself().epoch())
                            .reversed())
                    .toList());
            return !found.isEmpty();
        });
        return found.get(0);
    }

    /** The node that serves the key; as {@link #upstreamOf(int)}. */
    public RedisServer upstreamOf(String key) {
        return upstreamOf(slot(key));
    }

    /**
     * A running replica of the node.
     *
     * @throws IllegalStateException if it has none
     */
    public RedisServer replicaOf(RedisServer upstream) {
        String id = id(upstream);
        return running().stream()
                .filter(node -> id.equals(ClusterView.of(node).myself().copies()))
                .findFirst()
                .orElseThrow(() -> new IllegalStateException("no running replica of " + upstream.uri()));
    }

    /** Lets the replica of the slot's upstream take its place, both running; no write is lost. Returns the new upstream. */
    public RedisServer failover(int slot) {
        RedisServer replica = replicaOf(upstreamOf(slot));
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (!ClusterView.of(replica).myself().upstream()) {
            replica.command("CLUSTER", "FAILOVER");
            awaitPromotion(replica, System.nanoTime() - end > 0);
        }
        awaitAgreement();
        return replica;
    }

    private static void awaitPromotion(RedisServer replica, boolean last) {
        try {
            waiting("the replica is promoted", FAILOVER_TRY)
                    .until(() -> ClusterView.of(replica).myself().upstream());
        } catch (ConditionTimeoutException e) {
            if (last) {
                throw e;
            }
        }
    }

    /** As {@link #failover(int)}, for the slot of the key. */
    public RedisServer failover(String key) {
        return failover(slot(key));
    }

    /** Moves a slot with all its keys to another upstream. */
    public void migrate(int slot, RedisServer to) {
        SlotMigration migration = beginMigration(slot, to);
        migration.moveKeys();
        migration.finish();
    }

    /** Half of {@link #migrate}: from now on the slot's old upstream answers {@code ASK} for a key that it doesn't have. */
    public SlotMigration beginMigration(int slot, RedisServer to) {
        return new SlotMigration(this, slot, upstreamOf(slot), to);
    }

    /** A new node without slots that joins the running cluster. */
    public RedisServer addUpstream() {
        RedisServer node = launch();
        meet(node);
        until("every node knows the new one", () -> running().stream()
                .allMatch(each -> ClusterView.of(each).members().size() == nodes.size()));
        awaitAgreement();
        return node;
    }

    /** Waits until every running node calls the cluster's state ok, agrees with all others, and replicas are in sync. */
    public void awaitAgreement() {
        until("every running node agrees", () -> {
            List<RedisServer> running = running();
            return running.stream().allMatch(RedisCluster::isFine)
                    && running.stream()
                                    .map(node -> ClusterView.of(node).roles())
                                    .collect(Collectors.toSet())
                                    .size()
                            == 1;
        });
    }

    private static boolean isFine(RedisServer node) {
        String replication = String.valueOf(node.command("INFO", "replication"));
        return String.valueOf(node.command("CLUSTER", "INFO")).contains("cluster_state:ok")
                && (replication.contains("role:master") || replication.contains("master_link_status:up"));
    }

    List<RedisServer> running() {
        return nodes.stream().filter(RedisServer::answers).toList();
    }

    static String id(RedisServer node) {
        return String.valueOf(node.command("CLUSTER", "MYID"));
    }

    private static void until(String what, BooleanSupplier holds) {
        waiting(what, PATIENCE).until(holds::getAsBoolean);
    }

    private static ConditionFactory waiting(String what, Duration atMost) {
        return Awaitility.await(what)
                .atMost(atMost)
                .pollDelay(Duration.ZERO)
                .pollInterval(Duration.ofMillis(20))
                .pollInSameThread();
    }

    /** Ends every node and removes what they wrote. */
    @Override
    public void close() {
        nodes.forEach(RedisServer::close);
        Leashed.removeFolder(folder);
    }
}
