package dev.getorcreate.bench;

import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.testkit.ChildJvm;
import java.lang.management.ManagementFactory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;

/** One process of {@link Mixed}: its threads ask for keys, one after the other, as fast as they are answered. */
final class MixedProcess {

    private static final long CREATOR_NANOS = TimeUnit.MILLISECONDS.toNanos(2);

    private final Contender contender;
    private final String[] keys;
    private final double[] upTo;
    private final int threads;
    private final ExecutorService askers;
    private final LongAdder created = new LongAdder();

    private MixedProcess(Contender contender, int keys, int threads) {
        this.contender = contender;
        this.keys = new String[keys];
        this.upTo = new double[keys];
        double sum = 0;
        for (int i = 0; i < keys; i++) {
            this.keys[i] = "key" + i;
            sum += 1.0 / (i + 1); // Zipf's distribution, of exponent 1
            upTo[i] = sum;
        }
        this.threads = threads;
        this.askers = Executors.newFixedThreadPool(threads);
    }

    /** Arguments: contender, Redis URI, keys, threads, time to live in ms. Then lines of how many ms to ask for. */
    public static void main(String[] args) throws Exception {
        Quiet.logs();
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        try (Contender contender = named(args[0], args[1], Duration.ofMillis(Long.parseLong(args[4])))) {
            MixedProcess process = new MixedProcess(contender, Integer.parseInt(args[2]), Integer.parseInt(args[3]));
            try {
                System.out.println("ready");
                for (String line = lines.take(); !line.equals("end"); line = lines.take()) {
                    System.out.println(process.turn(TimeUnit.MILLISECONDS.toNanos(Long.parseLong(line))));
                }
            } finally {
                process.askers.shutdownNow(); // or they would keep a process whose turn failed
            }
        }
    }

    private static Contender named(String name, String uri, Duration timeToLive) {
        // Ours with local entries that live as long as the others' do.
        return name.equals(Mixed.OURS)
                ? new Contender.Ours(uri, timeToLive, CaffeineLocal.defaults().expireAfterWrite(timeToLive))
                : Contender.named(name, uri, timeToLive);
    }

    /** {@code round calls creatorRuns cpuNanos allocatedBytes heapBytes}; the heap is what is left after a collection. */
    private String turn(long nanos) throws InterruptedException, ExecutionException {
        created.reset();
        long end = System.nanoTime() + nanos;
        Spent before = Spent.now();
        List<Future<Long>> asking = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            asking.add(askers.submit(() -> ask(end)));
        }
        long calls = 0;
        for (Future<Long> one : asking) {
            calls += one.get();
        }
        Spent spent = Spent.now().since(before);
        System.gc();
        long heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
        return "round " + calls + " " + created.sum() + " " + spent.cpuNanos() + " " + spent.allocated() + " " + heap;
    }

    private long ask(long end) {
        long calls = 0;
        while (System.nanoTime() < end) {
            String key = keys[next()];
            if (!contender.getOrCreate(key, this::create).equals(key)) {
                throw new IllegalStateException("another key's value");
            }
            calls++;
        }
        return calls;
    }

    private int next() {
        double drawn = ThreadLocalRandom.current().nextDouble() * upTo[upTo.length - 1];
        int at = Arrays.binarySearch(upTo, drawn);
        return at >= 0 ? at : -at - 1;
    }

    private String create(String key) {
        created.increment();
        Pause.until(System.nanoTime() + CREATOR_NANOS);
        return key;
    }
}
