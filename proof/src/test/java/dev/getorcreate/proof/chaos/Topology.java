package dev.getorcreate.proof.chaos;

import dev.getorcreate.redis.RedisSharedStore;
import java.util.List;
import java.util.Map;

/** The shared store's servers, and what can be done to them and to the ways to them. The only place that knows which. */
interface Topology extends AutoCloseable {

    String STANDALONE = "standalone";
    String SENTINEL = "sentinel";
    String CLUSTER = "cluster";

    /** Those that can be had. */
    List<String> KNOWN = List.of(STANDALONE);

    /** Something that lasts for about so many nanoseconds, and is over when this returns. */
    interface Deed {
        void commit(int process, long nanos) throws InterruptedException;
    }

    /** Starts servers, with a way to them for each process. */
    static Topology start(String name, int processes) {
        return switch (name) {
            case STANDALONE -> new Standalone(processes);
            default -> throw new IllegalArgumentException(name);
        };
    }

    /** In a child: the store on them. */
    static RedisSharedStore store(Job job) {
        return RedisSharedStore.builder(job.redis().get(0))
                .maxStaleness(Player.MAX_STALENESS)
                .commandTimeout(Player.COMMAND_TIMEOUT)
                .build();
    }

    /** What a process is told of where they are. */
    List<String> servers(int process);

    /** By name, what can be done to the way of one process. */
    Map<String, Deed> toOne();

    /** By name, what is done to everybody, wherever the process is told of. */
    Map<String, Deed> toAll();

    @Override
    void close();
}
