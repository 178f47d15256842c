package dev.getorcreate.testkit;

import java.util.ArrayList;
import java.util.List;

/** A slot of a {@link RedisCluster} on its way from one upstream to another, step by step. */
public final class SlotMigration {

    private static final int BATCH = 100;
    private static final int TIMEOUT_MILLIS = 5000;

    private final RedisCluster cluster;
    private final String slot;
    private final RedisServer from;
    private final RedisServer to;

    SlotMigration(RedisCluster cluster, int slot, RedisServer from, RedisServer to) {
        this.cluster = cluster;
        this.slot = Integer.toString(slot);
        this.from = from;
        this.to = to;
        // In this order: the other way round the new one would refuse those who are sent to it.
        to.command("CLUSTER", "SETSLOT", this.slot, "IMPORTING", RedisCluster.id(from));
        from.command("CLUSTER", "SETSLOT", this.slot, "MIGRATING", RedisCluster.id(to));
    }

    /** Moves the keys that the slot's old upstream has now; it answers {@code ASK} for each of them from then on. */
    public void moveKeys() {
        List<String> keys = keys();
        while (!keys.isEmpty()) {
            List<String> command =
                    new ArrayList<>(List.of("MIGRATE", "127.0.0.1", Integer.toString(to.port()), "", "0"));
            command.addAll(List.of(Integer.toString(TIMEOUT_MILLIS), "KEYS"));
            command.addAll(keys);
            from.command(command.toArray(String[]::new));
            keys = keys();
        }
    }

    private List<String> keys() {
        Object found = from.command("CLUSTER", "GETKEYSINSLOT", slot, Integer.toString(BATCH));
        return found instanceof List<?> list
                ? list.stream().map(String::valueOf).toList()
                : List.of();
    }

    /** Gives the slot to the new upstream, and waits until every running node knows. Keys that were not moved are lost. */
    public void finish() {
        moveNothingMore(to);
        moveNothingMore(from);
        cluster.running().stream()
                .filter(node -> node != to && node != from)
                .filter(node -> ClusterView.of(node).myself().upstream())
                .forEach(this::moveNothingMore);
        cluster.awaitAgreement();
    }

    private void moveNothingMore(RedisServer node) {
        node.command("CLUSTER", "SETSLOT", slot, "NODE", RedisCluster.id(to));
    }
}
