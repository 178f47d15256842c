package dev.getorcreate.testkit;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What one node of a cluster believes, from its answer to {@code CLUSTER NODES}. */
record ClusterView(List<Member> members) {

    static ClusterView of(RedisServer node) {
        return new ClusterView(String.valueOf(node.command("CLUSTER", "NODES"))
                .lines()
                .map(line -> Member.parse(line.split(" ", -1)))
                .toList());
    }

    Member myself() {
        return members.stream().filter(Member::myself).findFirst().orElseThrow();
    }

    /** Who this node believes serves the slot. */
    Optional<String> ownerOf(int slot) {
        return members.stream()
                .filter(member -> member.upstream() && member.serves(slot))
                .map(Member::id)
                .findFirst();
    }

    /** Who serves what, and who copies whom: equal at two nodes that agree. */
    Map<String, String> roles() {
        Map<String, String> roles = new TreeMap<>();
        members.forEach(member -> roles.put(
                member.id(),
                member.upstream() ? "serves " + member.slots() : "copies " + String.valueOf(member.copies())));
        return roles;
    }

    /**
     * One line.
     *
     * @param copies the id of its upstream, if it is a replica
     * @param slots ranges, for instance {@code 0-5460}
     */
    record Member(
            String id,
            boolean myself,
            boolean upstream,
            @Nullable String copies,
            long epoch,
            List<String> slots) {

        private static final int FIRST_SLOT_FIELD = 8;

        static Member parse(String[] fields) {
            List<String> flags = List.of(fields[2].split(","));
            List<String> slots = new ArrayList<>();
            for (int i = FIRST_SLOT_FIELD; i < fields.length; i++) {
                if (!fields[i].startsWith("[")) { // in brackets: one that is on its way
                    slots.add(fields[i]);
                }
            }
            return new Member(
                    fields[0],
                    flags.contains("myself"),
                    flags.contains("master"),
                    fields[3].equals("-") ? null : fields[3],
                    Long.parseLong(fields[6]),
                    slots);
        }

        boolean serves(int slot) {
            return slots.stream().anyMatch(range -> {
                int dash = range.indexOf('-');
                int first = Integer.parseInt(dash < 0 ? range : range.substring(0, dash));
                int last = Integer.parseInt(range.substring(dash + 1));
                return first <= slot && slot <= last;
            });
        }
    }
}
