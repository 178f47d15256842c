package dev.getorcreate.examples.demo;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** What is done to the cured run while it runs, one after the other. */
final class Faults {

    static final long FREEZE_SECONDS = 5;

    // When, as shares of the run. The freeze takes 5 s of at least 12, so that the flush comes after the thaw.
    private static final double KILL = 0.15;
    private static final double FREEZE = 0.4;
    private static final double FLUSH = 0.87;

    private static final long INSIDE_SECONDS = 10;

    /** The lease, and some more. */
    private static final double KILL_IS_OVER_SECONDS = 3.5;

    /**
     * A fault, from its first moment to its last, on the common clock.
     *
     * @param process whose, or {@link #EVERYBODY}
     */
    record Fault(String name, int process, long from, long to) {

        static final int EVERYBODY = -1;

        /** Whether it fell into this time of a key, and its process had to do with the key by then. */
        boolean touches(long begin, long end, List<Event> events) {
            return begin <= to
                    && end >= from
                    && (process == EVERYBODY
                            || events.stream().anyMatch(event -> event.process() == process && event.from() <= to));
        }
    }

    /** What was done. The killed process and its key are -1 if nobody was killed. */
    record Log(List<Fault> all, int killedProcess, int killedKey, long killedAt, Redis.@Nullable Mark undisturbed) {

        static final Log NONE = new Log(List.of(), -1, -1, 0, null);
    }

    private final List<Child> children;
    private final Redis redis;
    private final Servers servers;
    private final String namespace;
    private final Console console;

    Faults(List<Child> children, Redis redis, Servers servers, String namespace, Console console) {
        this.children = children;
        this.redis = redis;
        this.servers = servers;
        this.namespace = namespace;
        this.console = console;
    }

    /** Blocks until all has been done. */
    Log wreak(long begin, int seconds) throws IOException, InterruptedException {
        List<Fault> all = new ArrayList<>();
        Child victim = children.get(1 % children.size());
        until(begin, seconds * KILL);
        Redis.Mark undisturbed = redis.mark();
        victim.tell(Worker.HOLD);
        String key = victim.awaitInside(INSIDE_SECONDS);
        if (key == null) {
            throw new IOException("process " + (victim.number() + 1) + " never got to its creator");
        }
        long killedAt = System.nanoTime();
        victim.kill();
        all.add(new Fault("kill -9", victim.number(), killedAt, System.nanoTime()));
        console.event(begin, "process %d is inside its creator of %s: kill -9", victim.number() + 1, key);

        // Not before the killed process's key can have been served, or two faults would be measured as one.
        until(begin, seconds * FREEZE);
        until(killedAt, KILL_IS_OVER_SECONDS);
        Child frozen = children.get(children.size() > 2 ? 2 : 0);
        console.event(begin, "process %d is frozen for %d s (SIGSTOP)", frozen.number() + 1, FREEZE_SECONDS);
        all.add(freeze(frozen));
        console.event(begin, "process %d is thawed (SIGCONT)", frozen.number() + 1);

        until(begin, seconds * FLUSH);
        all.add(flush(begin));
        return new Log(List.copyOf(all), victim.number(), Names.number(key), killedAt, undisturbed);
    }

    private static Fault freeze(Child child) {
        long from = System.nanoTime();
        child.freeze();
        until(from, FREEZE_SECONDS);
        child.thaw();
        return new Fault("freeze", child.number(), from, System.nanoTime());
    }

    private Fault flush(long begin) {
        long from = System.nanoTime();
        if (servers.ownRedis()) {
            redis.flushAll();
            console.event(begin, "Redis is flushed (FLUSHALL)");
        } else {
            redis.remove(namespace);
            console.event(begin, "Redis is not ours to flush: all keys of this run are deleted");
        }
        return new Fault("flush", Fault.EVERYBODY, from, System.nanoTime());
    }

    private static void until(long begin, double seconds) {
        long at = begin + (long) (seconds * 1e9);
        for (long left = at - System.nanoTime(); left > 0; left = at - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }
}
