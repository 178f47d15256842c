package dev.getorcreate.bench;

import com.github.benmanes.caffeine.cache.Cache;
import com.github.benmanes.caffeine.cache.Caffeine;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import java.time.Duration;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** One hit on a warm local entry, of 10 000 keys asked for with a Zipf-like skew: this library beside Caffeine. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class LocalHit {

    private static final int KEYS = 10_000;
    private static final int ASKED = 1 << 16;
    private static final Duration LONG = Duration.ofHours(1);

    /** The caches, all warm. */
    @State(Scope.Benchmark)
    public static class Caches {

        final String[] asked = new String[ASKED];
        final Cache<String, String> plain =
                Caffeine.newBuilder().maximumSize(2 * KEYS).build();
        final Cache<String, String> expiring = Caffeine.newBuilder()
                .maximumSize(2 * KEYS)
                .expireAfterWrite(LONG)
                .recordStats()
                .build();
        final GetOrCreateCache<String, String> ours = GetOrCreateCache.<String, String>builder("bench")
                .local(CaffeineLocal.defaults().maximumSize(2 * KEYS).expireAfterWrite(LONG))
                .build();

        /** Fills them. */
        @Setup
        public void warm() {
            Random random = new Random(42);
            String[] keys = new String[KEYS];
            for (int i = 0; i < KEYS; i++) {
                keys[i] = "key-" + i;
                plain.put(keys[i], keys[i]);
                expiring.put(keys[i], keys[i]);
                String made = ours.getOrCreate(keys[i], key -> key);
                if (!made.equals(keys[i])) {
                    throw new IllegalStateException(made);
                }
            }
            for (int i = 0; i < ASKED; i++) {
                // The inverse of a Zipf distribution of exponent about 1.
                asked[i] = keys[(int) Math.min(KEYS - 1, Math.pow(KEYS, random.nextDouble()) - 1)];
            }
        }
    }

    /** Each thread goes through the keys on its own. */
    @State(Scope.Thread)
    public static class Position {
        int at;

        String next(Caches caches) {
            return caches.asked[at++ & (ASKED - 1)];
        }
    }

    /** Without expiry and without statistics: no clock is read. */
    @Benchmark
    public String caffeinePlain(Caches caches, Position position) {
        return caches.plain.get(position.next(caches), key -> key);
    }

    /** With what this library promises too: expiry and statistics. */
    @Benchmark
    public String caffeineExpiringWithStats(Caches caches, Position position) {
        return caches.expiring.get(position.next(caches), key -> key);
    }

    /** With expiry, bounded staleness and statistics. */
    @Benchmark
    public String getOrCreate(Caches caches, Position position) {
        return caches.ours.getOrCreate(position.next(caches), key -> key);
    }
}
