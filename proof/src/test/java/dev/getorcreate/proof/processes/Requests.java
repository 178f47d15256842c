package dev.getorcreate.proof.processes;

import dev.getorcreate.CacheStats;
import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** What a {@link CacheProcess} can be asked for. Each request runs on a thread of its own. */
final class Requests {

    private final String process;
    private final GetOrCreateCache<String, String> cache;
    private final Consumer<String> out;
    private final ExecutorService threads = Executors.newCachedThreadPool();
    private final Map<String, CountDownLatch> toGo = new ConcurrentHashMap<>();
    private final AtomicLong made = new AtomicLong();

    Requests(String process, GetOrCreateCache<String, String> cache, Consumer<String> out) {
        this.process = process;
        this.cache = cache;
        this.out = out;
    }

    /** Begins what the line says; {@code ID go} lets the request of that ID go on, or ends it. */
    void begin(String line) {
        String[] words = line.split(" ");
        if (words[1].equals("go")) {
            gate(words[0]).countDown();
            return;
        }
        threads.execute(() -> {
            try {
                out.accept(words[0] + " ok " + run(words));
            } catch (Throwable e) {
                out.accept(words[0] + " failed " + e.getClass().getName() + " "
                        + String.valueOf(e.getMessage()).replace('\n', ' '));
            }
        });
    }

    private String run(String[] words) throws Exception {
        return switch (words[1]) {
            case "obtain" -> obtain(words[2], key -> candidate(Long.parseLong(words[3])));
            case "hold" -> obtain(words[2], key -> held(words[0]));
            case "holdFound" -> {
                PausingArbiter.WHEN_FOUND.set(() -> waitAtGate(words[0]));
                yield obtain(words[2], key -> candidate(0));
            }
            case "throw" ->
                obtain(words[2], key -> {
                    throw new IllegalStateException(held(words[0]) + " was to fail");
                });
            case "find" -> cache.find(words[2]).orElse("-");
            case "invalidate" -> {
                long began = System.nanoTime();
                String result = cache.invalidate(words[2]).name();
                yield result + " " + began + " " + System.nanoTime();
            }
            case "watch" -> watch(words[0], words[2]);
            case "race" -> race(words);
            case "load" -> load(words);
            case "stats" -> text(cache.stats());
            default -> throw new IllegalArgumentException("unknown: " + words[1]);
        };
    }

    private String obtain(String key, Creator<String, String> creator) {
        long began = System.nanoTime();
        Outcome<String> outcome = cache.obtain(key, creator);
        return outcome.source() + " " + outcome.value() + " " + began + " " + System.nanoTime();
    }

    /** A value that no creator anywhere gives twice. */
    private String candidate(long millis) {
        LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(millis));
        return process + "-" + made.incrementAndGet();
    }

    private String held(String id) {
        waitAtGate(id);
        return candidate(0);
    }

    /** Says that it is inside, and waits to be told to go on. */
    private void waitAtGate(String id) {
        out.accept(id + " inside");
        try {
            gate(id).await();
        } catch (InterruptedException e) {
            throw new IllegalStateException(e);
        }
    }

    private CountDownLatch gate(String id) {
        return toGo.computeIfAbsent(id, absent -> new CountDownLatch(1));
    }

    /** Reads the key again and again until it is told to go; says when it first serves a value from its local store. */
    private String watch(String id, String key) {
        Spans spans = new Spans();
        CountDownLatch end = gate(id);
        String told = "";
        while (end.getCount() > 0) {
            long began = System.nanoTime();
            Outcome<String> outcome = cache.obtain(key, absent -> candidate(0));
            spans.saw(outcome.source().name(), outcome.value(), began);
            if (outcome.source() == Source.LOCAL && !told.equals(outcome.value())) {
                told = outcome.value();
                out.accept(id + " local-" + told);
            }
            LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(100));
        }
        return spans.text();
    }

    /** {@code race PREFIX KEYS THREADS CREATOR_MILLIS START_NANOS GAP_NANOS}: everybody asks for each key at its time. */
    private String race(String[] words) throws Exception {
        int keys = Integer.parseInt(words[3]);
        long millis = Long.parseLong(words[5]);
        long start = Long.parseLong(words[6]);
        long gap = Long.parseLong(words[7]);
        return together(words[0], Integer.parseInt(words[4]), tally -> {
            for (int i = 0; i < keys; i++) {
                awaitNanos(start + i * gap);
                ask(words[2] + i, millis, tally);
            }
        });
    }

    private static void awaitNanos(long moment) {
        for (long left = moment - System.nanoTime(); left > 0; left = moment - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    /**
     * {@code load PREFIX GAP_MILLIS THREADS CREATOR_MILLIS}: until told to go, callers everywhere ask for keys that are
     * new at the same moment everywhere, and for some of a moment ago.
     */
    private String load(String[] words) throws Exception {
        long gap = TimeUnit.MILLISECONDS.toNanos(Long.parseLong(words[3]));
        long millis = Long.parseLong(words[5]);
        CountDownLatch end = gate(words[0]);
        return together(words[0], Integer.parseInt(words[4]), tally -> {
            while (end.getCount() > 0) {
                long age = ThreadLocalRandom.current().nextInt(4) == 0
                        ? 0
                        : ThreadLocalRandom.current().nextInt(50);
                ask(words[2] + (System.nanoTime() / gap - age), millis, tally);
                LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(1));
            }
        });
    }

    private void ask(String key, long creatorMillis, Tally tally) {
        try {
            Outcome<String> outcome = cache.obtain(key, absent -> candidate(creatorMillis));
            tally.answered(key, outcome.source().name(), outcome.value());
        } catch (RuntimeException e) {
            tally.failed(e);
        }
    }

    private String together(String id, int number, Consumer<Tally> work) throws Exception {
        Tally tally = new Tally();
        for (Future<?> one : threads.invokeAll(IntStream.range(0, number)
                .mapToObj(i -> Executors.callable(() -> work.accept(tally)))
                .toList())) {
            one.get();
        }
        tally.tell(line -> out.accept(id + " " + line));
        return "done";
    }

    private static String text(CacheStats stats) {
        String answers = stats.answers().entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .collect(Collectors.joining(" "));
        return answers + " creatorRuns=" + stats.creatorRuns() + " failures=" + stats.failures() + " conflictsAdopted="
                + stats.conflictsAdopted() + " claimsLost=" + stats.claimsLost() + " publishesRejected="
                + stats.publishesRejected() + " pollsThatFound=" + stats.pollsThatFound() + " sharedStoreErrors="
                + stats.sharedStoreErrors() + " undecodable=" + stats.undecodable();
    }
}
