package dev.getorcreate.bench;

import com.github.benmanes.caffeine.cache.AsyncCache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import java.lang.management.ManagementFactory;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/** What a local entry takes on the heap, beside an entry of Caffeine's {@code AsyncCache}. Keys and values are not counted. */
final class Heap {

    private static final Duration LONG = Duration.ofHours(1);

    /** Bytes that an entry of ours may take more. */
    private static final int BOUND = 48;

    private Heap() {}

    /** {@code --quick}: fewer entries. */
    public static void main(String[] args) {
        Quiet.logs();
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        int entries = given.count("--entries", quick ? 100_000 : 500_000);
        int rounds = given.count("--rounds", 5);
        given.end();
        List<String> keys = new ArrayList<>();
        for (int i = 0; i < entries; i++) {
            keys.add("key" + i);
        }
        List<Double> caffeine = new ArrayList<>();
        List<Double> ours = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            caffeine.add(bytesAnEntry(keys, Heap::caffeine));
            ours.add(bytesAnEntry(keys, Heap::ours));
        }
        System.out.printf("%n%,d entries; %s.%n%n", entries, Machine.load());
        System.out.println("| local entry | heap, bytes |");
        System.out.println("|---|---|");
        System.out.println("| Caffeine's AsyncCache | " + Spread.of(caffeine).text("%.1f") + " |");
        System.out.println("| ours | " + Spread.of(ours).text("%.1f") + " |");
        System.out.println();
        double over = Spread.of(ours).median() - Spread.of(caffeine).median();
        System.out.printf(
                Locale.ROOT,
                "An entry of ours takes %.1f bytes more; the bound is %d: %s. Over a shared store it is the same object.%n%n",
                over,
                BOUND,
                over <= BOUND ? "it holds" : "IT DOES NOT HOLD");
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("heapPerEntryOverAsyncCache", Results.rounded(over));
        result.put("heapPerEntryWithinBound", over <= BOUND);
        Results.write("Heap", Map.of("result", result, "caffeine", caffeine, "ours", ours));
        Results.print(result);
    }

    private static Object caffeine(List<String> keys) {
        AsyncCache<String, String> cache = Caffeine.newBuilder()
                .maximumSize(keys.size())
                .expireAfterWrite(LONG)
                .recordStats()
                .buildAsync();
        keys.forEach(key -> cache.put(key, CompletableFuture.completedFuture(key)));
        cache.synchronous().cleanUp();
        return cache;
    }

    private static Object ours(List<String> keys) {
        GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("heap")
                .local(CaffeineLocal.defaults().maximumSize(keys.size()).expireAfterWrite(LONG))
                .build();
        keys.forEach(key -> cache.getOrCreate(key, same -> same));
        if (cache.stats().localSize() != keys.size()) {
            throw new IllegalStateException(cache.stats().localSize() + " entries of " + keys.size());
        }
        return cache;
    }

    private static double bytesAnEntry(List<String> keys, Function<List<String>, Object> filled) {
        long before = used();
        Object cache = filled.apply(keys);
        try {
            return (double) (used() - before) / keys.size();
        } finally {
            Reference.reachabilityFence(cache);
        }
    }

    private static long used() {
        for (int i = 0; i < 3; i++) {
            System.gc();
        }
        return ManagementFactory.getMemoryMXBean().getHeapMemoryUsage().getUsed();
    }
}
