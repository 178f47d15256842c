package dev.getorcreate.bench;

import dev.getorcreate.CacheException;
import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;

/** A process that holds a key in its creator until it is let go, or whose threads wait for what another one holds. */
final class TroubleProcess {

    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(40);

    private final GetOrCreateCache<String, String> cache;
    private final AtomicInteger errors = new AtomicInteger();
    private volatile CountDownLatch held = new CountDownLatch(0);

    private TroubleProcess(GetOrCreateCache<String, String> cache) {
        this.cache = cache;
    }

    /** Argument: URI. Then lines {@code hold key} and {@code release}, or {@code ask key threads}. */
    public static void main(String[] args) throws InterruptedException {
        Quiet.logs();
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        try (RedisSharedStore store = RedisSharedStore.builder(args[0]).build();
                GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("trouble")
                        .local(CaffeineLocal.defaults())
                        .shared(store, KeyCodec.string(), Codec.string())
                        .timeToLive(TIME_TO_LIVE)
                        .build()) {
            TroubleProcess process = new TroubleProcess(cache);
            System.out.println("ready");
            while (true) {
                process.obey(lines.take().split(" "));
            }
        }
    }

    private void obey(String[] order) {
        switch (order[0]) {
            case "hold" -> hold(order[1]);
            case "release" -> held.countDown();
            case "ask" -> ask(order[1], Integer.parseInt(order[2]));
            default -> throw new IllegalArgumentException(order[0]);
        }
    }

    private void hold(String key) {
        CountDownLatch gate = new CountDownLatch(1);
        held = gate;
        var unused = CompletableFuture.runAsync(() -> {
            Outcome<String> answer = answer(key, any -> {
                System.out.println("creating");
                if (!gate.await(1, TimeUnit.MINUTES)) {
                    throw new IllegalStateException("nobody let it go");
                }
                return "of " + ProcessHandle.current().pid();
            });
            System.out.println("held " + answer.source() + " " + answer.value());
        });
    }

    private void ask(String key, int threads) {
        CountDownLatch asking = new CountDownLatch(threads);
        var unused = CompletableFuture.supplyAsync(() -> asked(key, threads, asking), TroubleProcess::thread)
                .thenAccept(System.out::println);
    }

    /** What all threads were answered, and when the last of them was. */
    private String asked(String key, int threads, CountDownLatch asking) {
        Map<String, Integer> sources = new TreeMap<>();
        TreeSet<String> values = new TreeSet<>();
        var all = IntStream.range(0, threads)
                .mapToObj(i -> CompletableFuture.runAsync(
                        () -> {
                            asking.countDown();
                            Outcome<String> answer = answer(
                                    key, any -> "of " + ProcessHandle.current().pid());
                            synchronized (sources) {
                                sources.merge(answer.source().name(), 1, Integer::sum);
                                values.add(answer.value());
                            }
                        },
                        TroubleProcess::thread))
                .toArray(CompletableFuture<?>[]::new);
        var unused = CompletableFuture.runAsync(() -> sayAsking(asking), TroubleProcess::thread);
        CompletableFuture.allOf(all).join();
        long servedAt = System.nanoTime();
        return "served " + servedAt + " " + sources.getOrDefault("CREATED", 0) + " " + errors.getAndSet(0) + " "
                + String.join("|", values);
    }

    /** Asks again where an error was the answer, and counts it. */
    private Outcome<String> answer(String key, Creator<String, String> creator) {
        long end = System.nanoTime() + PATIENCE;
        while (true) {
            try {
                return cache.obtain(key, creator);
            } catch (CacheException e) {
                errors.incrementAndGet();
                if (System.nanoTime() - end > 0) {
                    throw e;
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private static void sayAsking(CountDownLatch asking) {
        try {
            asking.await();
            System.out.println("asking");
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "asking");
        thread.setDaemon(true);
        thread.start();
    }
}
