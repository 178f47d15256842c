package dev.getorcreate.proof.chaos;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Deque;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** Draws faults from the seed and commits them, one after the other, sometimes two at a time. */
final class Faults {

    /** Told of each. */
    interface Told {
        void of(String kind, int process);
    }

    /**
     * How long they last, and how much time passes between them, in nanoseconds.
     */
    record Pace(long shortest, long longest, long shortestGap, long longestGap) {

        static final Pace OFTEN = new Pace(500_000_000L, 5_000_000_000L, 300_000_000L, 1_200_000_000L);

        /** Where most of the time nothing is to be disturbed. */
        static final Pace SELDOM = new Pace(300_000_000L, 2_500_000_000L, 3_000_000_000L, 9_000_000_000L);
    }

    private final Random random;
    private final int processes;
    private final Pace pace;
    private final long aftermath;
    private final Map<String, Topology.Deed> toOne = new LinkedHashMap<>();
    private final Map<String, Topology.Deed> toAll;
    private final FaultLog log;
    private final Told told;
    private final Deque<String> deck = new ArrayDeque<>();
    private final AtomicReference<@Nullable Throwable> failure = new AtomicReference<>();

    /**
     * @param aftermath for how long one may still be felt, in nanoseconds
     * @param toProcesses what can be done to the processes themselves
     */
    Faults(
            long seed,
            int processes,
            Pace pace,
            long aftermath,
            Map<String, Topology.Deed> toProcesses,
            Topology topology,
            FaultLog log,
            Told told) {
        this.random = new Random(seed);
        this.processes = processes;
        this.pace = pace;
        this.aftermath = aftermath;
        this.toOne.putAll(toProcesses);
        this.toOne.putAll(topology.ways().faults());
        this.toAll = topology.toAll();
        this.log = log;
        this.told = told;
    }

    /** Blocks until then; none begins that would last longer. */
    void commitUntil(long end) throws InterruptedException {
        long rest = 0;
        while (true) {
            pause(draw(pace.shortestGap, pace.longestGap) + rest);
            String kind = next();
            long nanos = drawDuration();
            int process = random.nextInt(processes);
            // Two at a time are two processes' own, or one process's and everybody's.
            String second = random.nextInt(2) == 0 ? anyToOne() : null;
            int other = (process + 1 + random.nextInt(processes - 1)) % processes;
            long otherNanos = drawDuration();
            long left = end - System.nanoTime();
            if (left < pace.shortest) {
                return;
            }
            CountDownLatch both = new CountDownLatch(second == null ? 1 : 2);
            commit(kind, process, Math.min(nanos, left), both);
            if (second != null) {
                commit(second, other, Math.min(otherNanos, left), both);
            }
            both.await();
            // Without some time in which nobody is disturbed, creator runs could not be counted.
            rest = toAll.containsKey(kind) ? aftermath : 0;
            Throwable failed = failure.get();
            if (failed != null) {
                throw new IllegalStateException("a fault could not be committed: " + failed, failed);
            }
        }
    }

    private String anyToOne() {
        List<String> all = List.copyOf(toOne.keySet());
        return all.get(random.nextInt(all.size()));
    }

    /** Every kind once, in a drawn order, before any comes again. */
    private String next() {
        if (deck.isEmpty()) {
            List<String> all = new ArrayList<>(toOne.keySet());
            all.addAll(toAll.keySet());
            Collections.shuffle(all, random);
            deck.addAll(all);
        }
        return deck.remove();
    }

    private void commit(String kind, int process, long nanos, CountDownLatch done) {
        Topology.Deed deed = toOne.get(kind);
        int whose = deed == null ? Fault.EVERYBODY : process;
        Topology.Deed committed = deed == null ? toAll.get(kind) : deed;
        Thread thread = new Thread(
                () -> {
                    try {
                        told.of(kind, whose);
                        long number = log.begin(kind, whose);
                        committed.commit(process, nanos);
                        log.end(number);
                    } catch (Throwable e) {
                        failure.compareAndSet(null, e);
                    } finally {
                        done.countDown();
                    }
                },
                "fault-" + kind);
        thread.setDaemon(true);
        thread.start();
    }

    /** Most are short, so that there are many. */
    private long drawDuration() {
        double share = random.nextDouble();
        return pace.shortest + (long) (share * share * (pace.longest - pace.shortest));
    }

    private long draw(long least, long most) {
        return least + (long) (random.nextDouble() * (most - least));
    }

    static void pause(long nanos) throws InterruptedException {
        TimeUnit.NANOSECONDS.sleep(nanos);
    }
}
