package dev.getorcreate.redis;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * One node's view of its cluster.
 *
 * @param ofSeed whether it was asked as one of those that the cluster is named by
 */
record View(Slots slots, long epoch, boolean ofSeed) {

    /** What is wrong with one that shows no slots: it is as good as no answer. */
    static final String EMPTY =
            "its CLUSTER SLOTS is empty: it is not part of the cluster (name other nodes, or let it join),"
                    + " or nobody has slots yet";

    private static final Pattern EPOCH = Pattern.compile("cluster_current_epoch:(\\d+)");
    private static final Pattern OWN_EPOCH = Pattern.compile("cluster_my_epoch:(\\d+)");

    /**
     * Asks a node.
     *
     * @param host of the node, which may leave its own name out
     * @param over sends in one flush and in this order
     */
    static CompletableFuture<View> ask(String host, boolean seed, Consumer<List<Reply<?>>> over) {
        long[] epoch = {0}; // written on the connection's thread, before the second reply completes
        Reply<String> info = Reply.clusterInfo(output -> epoch[0] = epoch(output.get()));
        Reply<List<Object>> asked = Reply.clusterSlots(output -> {});
        CompletableFuture<View> view =
                Client.inTime(asked.thenApply(answer -> new View(Slots.parse(answer, host), epoch[0], seed)));
        over.accept(List.of(info, asked));
        return view;
    }

    /** Which epoch an answer to {@code CLUSTER INFO} names; 0 if none. */
    static long epoch(@Nullable String info) {
        return number(EPOCH, info);
    }

    /** Of the node that was asked, or of its upstream; 0 if none. */
    static long ownEpoch(String info) {
        return number(OWN_EPOCH, info);
    }

    private static long number(Pattern named, @Nullable String info) {
        Matcher found = named.matcher(String.valueOf(info));
        return found.find() ? Long.parseLong(found.group(1)) : 0;
    }
}
