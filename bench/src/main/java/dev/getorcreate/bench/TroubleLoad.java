package dev.getorcreate.bench;

import dev.getorcreate.testkit.ChildJvm;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Queue;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;

/**
 * One process of {@link TroubleAway}: each of its threads has a {@link TroubleLine} of calls. Most are for known keys; one of
 * ten is for a key of the moment at which it is due, for which all processes ask at once.
 */
final class TroubleLoad {

    static final int THREADS = 4;
    static final long PACE = TimeUnit.MILLISECONDS.toNanos(10);
    static final int KEYS = 300;
    static final int NEW_OF = 10;

    private static final long NEW_EVERY = TimeUnit.MILLISECONDS.toNanos(100);
    private static final long CREATOR_MILLIS = 2;

    private final TroubleWay way;
    private final TroubleDatabase database;
    private final Map<String, String> told = new ConcurrentHashMap<>();
    private final Queue<TroubleCall> calls = new ConcurrentLinkedQueue<>();
    private final AtomicInteger creatorRuns = new AtomicInteger();
    private final AtomicInteger differing = new AtomicInteger();

    private TroubleLoad(TroubleWay way, TroubleDatabase database) {
        this.way = way;
        this.database = database;
    }

    /**
     * Arguments: way, Redis' URI, JDBC URL. Then a line {@code prefix start end}. Told is {@code calls} and each {@link
     * TroubleCall}; {@code statements second=count ...}; and {@code ran creatorRuns differing}.
     */
    public static void main(String[] args) throws Exception {
        Quiet.logs();
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        try (TroubleDatabase database = new TroubleDatabase(args[2]);
                TroubleWay way = TroubleWay.named(args[0], args[1], database.dataSource())) {
            TroubleLoad load = new TroubleLoad(way, database);
            System.out.println("ready");
            String[] order = lines.take().split(" ", -1);
            load.run(order[0], Long.parseLong(order[1]), Long.parseLong(order[2]));
            load.tell(order[0]);
            String unused = lines.take(); // until the parent has read it
        }
    }

    private void run(String prefix, long start, long end) throws InterruptedException {
        database.counted.countFrom(start);
        List<Thread> threads = new ArrayList<>();
        for (int i = 0; i < THREADS; i++) {
            TroubleLine line = new TroubleLine(i * PACE / THREADS, PACE, end - start);
            Thread thread = new Thread(() -> ask(prefix, start, line), "caller");
            thread.start();
            threads.add(thread);
        }
        for (Thread thread : threads) {
            thread.join();
        }
    }

    private void ask(String prefix, long start, TroubleLine line) {
        TroubleLine.Clock clock = new TroubleLine.Clock() {
            @Override
            public long now() {
                return System.nanoTime() - start;
            }

            @Override
            public void until(long moment) {
                Pause.until(start + moment);
            }
        };
        line.serve(clock, due -> call(key(prefix, due)), calls::add);
    }

    private static String key(String prefix, long due) {
        ThreadLocalRandom random = ThreadLocalRandom.current();
        return random.nextInt(NEW_OF) == 0 ? prefix + "new" + due / NEW_EVERY : prefix + "known" + random.nextInt(KEYS);
    }

    private String call(String key) {
        try {
            TroubleWay.Answer answer = way.getOrCreate(key, any -> {
                int run = creatorRuns.incrementAndGet();
                Pause.millis(CREATOR_MILLIS);
                return ProcessHandle.current().pid() + "-" + run;
            });
            if (!told.computeIfAbsent(key, any -> answer.value()).equals(answer.value())) {
                differing.incrementAndGet();
            }
            return answer.source();
        } catch (Exception e) {
            return "!" + e.getClass().getSimpleName();
        }
    }

    private void tell(String prefix) throws Exception {
        System.out.println(calls.stream().map(TroubleCall::text).collect(Collectors.joining(" ", "calls ", "")));
        System.out.println(database.counted.bySecond().entrySet().stream()
                .map(each -> each.getKey() + "=" + each.getValue())
                .collect(Collectors.joining(" ", "statements ", "")));
        Map<String, String> rows = database.rows(prefix);
        told.forEach((key, value) -> {
            if (!value.equals(rows.get(key))) {
                differing.incrementAndGet();
            }
        });
        System.out.println("ran " + creatorRuns + " " + differing);
    }
}
