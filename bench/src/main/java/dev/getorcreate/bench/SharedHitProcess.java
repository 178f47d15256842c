package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;

/** One contender in a process of its own, which reads when it is told to. */
final class SharedHitProcess {

    /** Enough that no reply is found in a processor's cache each time. */
    static final int KEYS = 4096;

    private SharedHitProcess() {}

    /** Arguments: contender, Redis URI. Then lines {@code size threads millis restMillis}, or {@code end}. */
    public static void main(String[] args) throws InterruptedException, ExecutionException {
        Quiet.logs();
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        try (SharedHitContender contender = SharedHitContender.named(args[0], args[1])) {
            for (String size : args[2].split(",", -1)) {
                byte[] value = "x".repeat(Integer.parseInt(size)).getBytes(StandardCharsets.UTF_8);
                for (int k = 0; k < KEYS; k++) {
                    contender.fill(key(Integer.parseInt(size), k), value);
                }
            }
            System.out.println("ready");
            while (true) {
                String line = lines.take();
                if (line.equals("end")) {
                    return;
                }
                String[] order = line.split(" ", -1);
                System.out.println(turn(
                                contender,
                                Integer.parseInt(order[0]),
                                Integer.parseInt(order[1]),
                                TimeUnit.MILLISECONDS.toNanos(Long.parseLong(order[2])),
                                TimeUnit.MILLISECONDS.toNanos(Long.parseLong(order[3])))
                        .line());
            }
        }
    }

    private static String key(int size, int number) {
        return "v" + size + ":" + number;
    }

    private static SharedHitTurn turn(SharedHitContender contender, int size, int threads, long nanos, long restNanos)
            throws InterruptedException, ExecutionException {
        String[] keys = new String[KEYS];
        for (int k = 0; k < KEYS; k++) {
            keys[k] = key(size, k);
        }
        CountDownLatch ready = new CountDownLatch(threads);
        CountDownLatch go = new CountDownLatch(1);
        ExecutorService readers = Executors.newFixedThreadPool(threads);
        try {
            List<Future<Histogram>> each = new ArrayList<>();
            for (int t = 0; t < threads; t++) {
                int thread = t;
                each.add(readers.submit(() -> {
                    ready.countDown();
                    go.await();
                    return read(contender, keys, size, thread, threads, nanos, restNanos);
                }));
            }
            ready.await();
            Spent before = Spent.now();
            go.countDown();
            Histogram all = new Histogram(3);
            for (Future<Histogram> one : each) {
                all.add(one.get());
            }
            return SharedHitTurn.of(all, Spent.now().since(before));
        } finally {
            readers.shutdownNow();
        }
    }

    /** Each thread has keys of its own, so that no two ask for the same one at a time: every call is a read. */
    private static Histogram read(
            SharedHitContender contender,
            String[] keys,
            int size,
            int thread,
            int threads,
            long nanos,
            long restNanos) {
        Histogram latencies = new Histogram(3);
        long begun = System.nanoTime();
        long last = begun;
        int at = thread;
        while (last - begun < nanos) {
            if (restNanos > 0) {
                Pause.until(last + restNanos);
                last = System.nanoTime();
            }
            if (contender.get(keys[at]).length != size) {
                throw new IllegalStateException("another value");
            }
            long now = System.nanoTime();
            latencies.recordValue(now - last);
            last = now;
            at = at + threads < KEYS ? at + threads : thread;
        }
        return latencies;
    }
}
