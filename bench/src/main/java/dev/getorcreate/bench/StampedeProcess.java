package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.Arrays;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.SynchronousQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.Collectors;

/**
 * One process of the stampede. Its threads ask for each key at the same agreed moment; moments are on the clock that all
 * processes of a machine share (System.nanoTime is CLOCK_MONOTONIC on Linux).
 */
final class StampedeProcess {

    /** Longer than a run: nothing of a warm-up expires in a turn that counts. */
    private static final Duration TIME_TO_LIVE = Duration.ofHours(2);

    /** In place of a prefix: each process has keys of its own. */
    static final String ALONE = "alone";

    private StampedeProcess() {}

    /**
     * Arguments: contender, Redis URI. Then lines {@code prefix keys threads creatorMillis start gapNanos endAt}. Each is
     * answered by {@code round creatorRuns cpuNanos byKindOfThread begun,... answered,...}: of each key when its creator
     * began (0: not here), and of each thread of each key when it had its answer, counted from the moment.
     */
    public static void main(String[] args) throws InterruptedException {
        Quiet.logs();
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        // For good, as the threads of an application: fresh ones would be what is measured.
        ExecutorService askers =
                new ThreadPoolExecutor(0, Integer.MAX_VALUE, 1, TimeUnit.HOURS, new SynchronousQueue<>());
        try (Contender contender = Contender.named(args[0], args[1], TIME_TO_LIVE)) {
            System.out.println("ready");
            while (true) {
                String line = lines.take();
                if (line.equals("end")) {
                    return;
                }
                System.out.println(round(contender, askers, line.split(" ")));
            }
        } finally {
            askers.shutdownNow();
        }
    }

    private static String round(Contender contender, ExecutorService askers, String[] order)
            throws InterruptedException {
        String prefix = order[0].equals(ALONE) ? ALONE + ProcessHandle.current().pid() + "-" : order[0];
        int keys = Integer.parseInt(order[1]);
        int threads = Integer.parseInt(order[2]);
        long creatorNanos = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(order[3]));
        long start = Long.parseLong(order[4]);
        long gap = Long.parseLong(order[5]);
        long endAt = Long.parseLong(order[6]);
        AtomicInteger created = new AtomicInteger();
        long[] begun = new long[keys];
        long[] nanos = new long[keys * threads];
        CountDownLatch done = new CountDownLatch(threads);
        ThreadTimes before = ThreadTimes.now();
        long cpu = cpuNanos();
        for (int t = 0; t < threads; t++) {
            int thread = t;
            askers.execute(() -> {
                for (int k = 0; k < keys && System.nanoTime() < endAt; k++) {
                    int number = k;
                    long moment = start + k * gap;
                    await(moment);
                    contender.getOrCreate(prefix + k, key -> {
                        created.incrementAndGet();
                        begun[number] = System.nanoTime() - moment;
                        await(System.nanoTime() + creatorNanos);
                        return key;
                    });
                    nanos[k * threads + thread] = System.nanoTime() - moment;
                }
                done.countDown();
            });
        }
        boolean inTime = done.await(7, TimeUnit.MINUTES);
        long used = cpuNanos() - cpu;
        ThreadTimes after = ThreadTimes.now();
        if (!inTime) {
            throw new IllegalStateException("a round did not end");
        }
        return String.join(
                " ",
                "round",
                created.toString(),
                "" + used,
                ThreadTimes.line(after.since(before)),
                joined(begun),
                joined(nanos));
    }

    private static String joined(long[] each) {
        return Arrays.stream(each).mapToObj(Long::toString).collect(Collectors.joining(","));
    }

    private static void await(long moment) {
        long left = moment - System.nanoTime();
        while (left > 0) {
            LockSupport.parkNanos(left);
            left = moment - System.nanoTime();
        }
    }

    private static long cpuNanos() {
        return ManagementFactory.getOperatingSystemMXBean() instanceof com.sun.management.OperatingSystemMXBean system
                ? system.getProcessCpuTime()
                : 0;
    }
}
