package dev.getorcreate.bench;

import dev.getorcreate.Creator;
import dev.getorcreate.bench.CountedStatements.Counts;
import dev.getorcreate.testkit.ChildJvm;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.LockSupport;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/** A process that holds a key in its creator until it is let go, or whose threads wait for what another one holds. */
final class TroubleProcess {

    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(50);

    private final TroubleWay way;
    private final @Nullable TroubleDatabase database;
    private volatile CountDownLatch held = new CountDownLatch(0);

    private TroubleProcess(TroubleWay way, @Nullable TroubleDatabase database) {
        this.way = way;
        this.database = database;
    }

    /**
     * Arguments: way, Redis' URI, JDBC URL or {@link TroubleDatabase#NONE}. Then lines {@code hold key} and
     * {@code release}, or {@code ask key threads}. Told is {@code creating}; {@code asking}; and {@code answered moment
     * creatorRuns errors statements values}.
     */
    public static void main(String[] args) throws InterruptedException {
        Quiet.logs();
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        try (TroubleDatabase database = args[2].equals(TroubleDatabase.NONE) ? null : new TroubleDatabase(args[2]);
                TroubleWay way = TroubleWay.named(args[0], args[1], database == null ? null : database.dataSource())) {
            TroubleProcess process = new TroubleProcess(way, database);
            System.out.println("ready");
            while (true) {
                process.obey(lines.take().split(" ", -1));
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
        Counts before = statements();
        run(key, 1, () -> {}, any -> {
            System.out.println("creating " + statements().less(before));
            if (!gate.await(1, TimeUnit.MINUTES)) {
                throw new IllegalStateException("nobody let it go");
            }
            return mine();
        });
    }

    private void ask(String key, int threads) {
        AtomicInteger asking = new AtomicInteger();
        run(
                key,
                threads,
                () -> {
                    if (asking.incrementAndGet() == threads) {
                        System.out.println("asking");
                    }
                },
                any -> mine());
    }

    private static String mine() {
        return "of-" + ProcessHandle.current().pid();
    }

    /** Tells what all threads were answered, and when the last of them was. */
    private void run(String key, int threads, Runnable begun, Creator<String, String> creator) {
        Counts before = statements();
        CallerErrors errors = new CallerErrors();
        AtomicInteger runs = new AtomicInteger();
        Set<String> values = new TreeSet<>();
        Runnable one = () -> {
            begun.run();
            String value = answer(key, errors, any -> {
                runs.incrementAndGet();
                return creator.create(any);
            });
            synchronized (values) {
                values.add(value);
            }
        };
        var unused = CompletableFuture.allOf(IntStream.range(0, threads)
                        .mapToObj(i -> CompletableFuture.runAsync(one, TroubleProcess::thread))
                        .toArray(CompletableFuture<?>[]::new))
                .whenComplete((all, failure) -> {
                    long moment = System.nanoTime();
                    if (failure != null) {
                        System.err.println("'" + key + "' was never answered: " + failure);
                    }
                    System.out.println(String.join(
                            " ",
                            failure == null ? "answered" : "failed",
                            Long.toString(moment),
                            runs.toString(),
                            errors.line(),
                            statements().less(before).toString(),
                            String.join("|", values)));
                });
    }

    private Counts statements() {
        return database == null ? Counts.NONE : database.counted.now();
    }

    /** Asks again where an error was the answer, and counts it. */
    private String answer(String key, CallerErrors errors, Creator<String, String> creator) {
        long end = System.nanoTime() + PATIENCE;
        while (true) {
            try {
                return way.getOrCreate(key, creator).value();
            } catch (Exception e) {
                errors.add(e);
                if (System.nanoTime() - end > 0) {
                    throw new CompletionException(e);
                }
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(5));
            }
        }
    }

    private static void thread(Runnable task) {
        Thread thread = new Thread(task, "asking");
        thread.setDaemon(true);
        thread.start();
    }
}
