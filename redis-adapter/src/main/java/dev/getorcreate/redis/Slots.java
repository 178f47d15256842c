package dev.getorcreate.redis;

import io.lettuce.core.cluster.SlotHash;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Which node of a cluster has which slots, as one node saw it. Nodes are named {@code host:port}. Immutable. */
final class Slots {

    static final Slots UNKNOWN = new Slots(new String[SlotHash.SLOT_COUNT], Map.of(), Set.of());

    /** What a node is called that goes by its host name, and has none. */
    static final String UNKNOWN_HOST = "?";

    private final @Nullable String[] owners;
    private final Set<String> nodes = new TreeSet<>();
    /** By their upstreams. */
    private final Map<String, Set<String>> replicas;
    /** The nodes' own, which no other node has, and which a node keeps for as long as it belongs to its cluster. */
    private final Set<String> ids;

    private Slots(@Nullable String[] owners, Map<String, Set<String>> replicas, Set<String> ids) {
        this.owners = owners;
        this.replicas = replicas;
        this.ids = ids;
        for (String owner : owners) {
            if (owner != null) {
                nodes.add(owner);
            }
        }
    }

    /**
     * Reads the answer to {@code CLUSTER SLOTS}.
     *
     * @param host of the node that was asked, which may leave its own name out
     */
    static Slots parse(List<?> answer, String host) {
        @Nullable String[] owners = new String[SlotHash.SLOT_COUNT];
        Map<String, Set<String>> replicas = new HashMap<>();
        Set<String> ids = new TreeSet<>();
        for (Object one : answer) {
            if (one instanceof List<?> range && range.size() > 2 && range.get(2) instanceof List<?> upstream) {
                int from = number(range.get(0));
                int to = number(range.get(1));
                if (from < 0 || to >= SlotHash.SLOT_COUNT || from > to) {
                    throw new IllegalArgumentException("CLUSTER SLOTS names slots " + from + " to " + to);
                }
                String owner = name(upstream, host);
                Arrays.fill(owners, from, to + 1, owner);
                for (Object node : range.subList(3, range.size())) {
                    String replica = node instanceof List<?> described ? name(described, host) : null;
                    if (owner != null && replica != null) {
                        replicas.computeIfAbsent(owner, same -> new HashSet<>()).add(replica);
                    }
                }
                range.stream().skip(2).forEach(node -> ids.add(id(node))); // replicas too: one may be promoted
            }
        }
        ids.remove("");
        return new Slots(owners, replicas, ids);
    }

    private static String id(Object node) {
        return node instanceof List<?> described && described.size() > 2 ? text(described.get(2)) : "";
    }

    private static @Nullable String name(List<?> node, String asked) {
        String named = text(node.get(0));
        String host = named.isEmpty() ? asked : named.equals(UNKNOWN_HOST) ? address(node) : named;
        return host.isEmpty() ? null : host + ":" + number(node.get(1));
    }

    /** Behind its port and its id stands what else is known of a node, as names and values. */
    private static String address(List<?> node) {
        List<?> known = node.size() > 3 && node.get(3) instanceof List<?> metadata ? metadata : List.of();
        for (int i = 0; i + 1 < known.size(); i += 2) {
            if (text(known.get(i)).equals("ip")) {
                return text(known.get(i + 1));
            }
        }
        return "";
    }

    private static String text(@Nullable Object value) {
        return value instanceof byte[] bytes ? new String(bytes, StandardCharsets.UTF_8) : "";
    }

    private static int number(@Nullable Object value) {
        return value instanceof Long number ? number.intValue() : -1;
    }

    @Nullable
    String owner(byte[] key) {
        return owners[SlotHash.getSlot(key)];
    }

    Set<String> nodes() {
        return Collections.unmodifiableSet(nodes);
    }

    /** Whether it may be the same cluster at another time: there is a node of both, or it is not known. */
    boolean isRelated(Slots other) {
        return ids.isEmpty() || other.ids.isEmpty() || !Collections.disjoint(ids, other.ids);
    }

    boolean isEmpty() {
        return nodes.isEmpty();
    }

    /** Whether each slot has an owner, and all owners are so. */
    boolean allOwned(Predicate<String> owner) {
        return Arrays.stream(owners).distinct().allMatch(name -> name != null && owner.test(name));
    }

    /**
     * The nodes that lost slots by a failover, as far as can be told: to a replica of theirs, or to whomever, where they have
     * none any more. In a migration records go along, and none is lost.
     */
    Set<String> takenOver(Slots later) {
        Set<String> gone = new TreeSet<>();
        for (int slot = 0; slot < owners.length; slot++) {
            String owner = owners[slot];
            String heir = later.owners[slot];
            if (owner != null && (!later.nodes.contains(owner) || isReplica(heir, owner))) {
                gone.add(owner);
            }
        }
        return gone;
    }

    private boolean isReplica(@Nullable String node, String upstream) {
        return node != null && replicas.getOrDefault(upstream, Set.of()).contains(node);
    }

    /** The nodes that have a slot here which somebody else has there. */
    Set<String> losers(Slots later) {
        Set<String> losers = new TreeSet<>();
        for (int slot = 0; slot < owners.length; slot++) {
            String owner = owners[slot];
            if (owner != null && !owner.equals(later.owners[slot])) {
                losers.add(owner);
            }
        }
        return losers;
    }
}
