package dev.getorcreate.bench;

import com.github.benmanes.caffeine.cache.Cache;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import java.time.Duration;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.function.UnaryOperator;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.springframework.cache.caffeine.CaffeineCache;

/** One hit on a warm local entry, of 10 000 keys asked for with a Zipf-like skew: this library beside other caches. */
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@Fork(3)
public class LocalHit {

    private static final int KEYS = LocalHitContender.KEYS;
    private static final int ASKED = 1 << 16;

    /** What is asked for. */
    @State(Scope.Benchmark)
    public static class Keys {

        final String[] asked = new String[ASKED];
        final String[] all = new String[KEYS];

        /** Draws them. */
        @Setup
        public void draw() {
            Random random = new Random(42);
            for (int i = 0; i < KEYS; i++) {
                all[i] = "key-" + i;
            }
            for (int i = 0; i < ASKED; i++) {
                // The inverse of a Zipf distribution of exponent about 1.
                asked[i] = all[(int) Math.min(KEYS - 1, Math.pow(KEYS, random.nextDouble()) - 1)];
            }
        }

        void warm(UnaryOperator<String> cache) {
            for (String key : all) {
                if (!cache.apply(key).equals(key)) {
                    throw new IllegalStateException("another value for " + key);
                }
            }
        }
    }

    /** Each thread goes through the keys on its own. */
    @State(Scope.Thread)
    public static class Position {
        int at;

        String next(Keys keys) {
            return keys.asked[at++ & (ASKED - 1)];
        }
    }

    /** Caffeine as it is. */
    @State(Scope.Benchmark)
    public static class Plain {
        final Cache<String, String> cache = LocalHitContender.caffeinePlain();

        /** Fills it. */
        @Setup
        public void warm(Keys keys) {
            keys.warm(key -> cache.get(key, same -> same));
        }
    }

    /** Without expiry and without statistics: no clock is read. */
    @Benchmark
    public String caffeinePlain(Plain caffeine, Keys keys, Position position) {
        return caffeine.cache.get(position.next(keys), key -> key);
    }

    /** Caffeine with what this library promises too. */
    @State(Scope.Benchmark)
    public static class Expiring {
        final Cache<String, String> cache = LocalHitContender.caffeineExpiringWithStats();

        /** Fills it. */
        @Setup
        public void warm(Keys keys) {
            keys.warm(key -> cache.get(key, same -> same));
        }
    }

    /** With expiry and statistics. */
    @Benchmark
    public String caffeineExpiringWithStats(Expiring caffeine, Keys keys, Position position) {
        return caffeine.cache.get(position.next(keys), key -> key);
    }

    /** This library in one process alone. */
    @State(Scope.Benchmark)
    public static class Alone {
        final GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("bench")
                .local(CaffeineLocal.defaults().maximumSize(2 * KEYS).expireAfterWrite(Duration.ofHours(1)))
                .build();

        /** Fills it. */
        @Setup
        public void warm(Keys keys) {
            keys.warm(key -> cache.getOrCreate(key, same -> same));
        }
    }

    /** With expiry and statistics; nobody else can change anything. */
    @Benchmark
    public String oursAlone(Alone ours, Keys keys, Position position) {
        return ours.cache.getOrCreate(position.next(keys), key -> key);
    }

    /** This library over Redis. */
    @State(Scope.Benchmark)
    public static class Shared {
        private final LocalHitContender.Ours ours;
        final GetOrCreateCache<String, String> cache;

        /** With the clock that is exact. */
        public Shared() {
            this(false);
        }

        Shared(boolean coarseClock) {
            ours = new LocalHitContender.Ours(coarseClock);
            cache = ours.cache;
        }

        /** Fills it. */
        @Setup
        public void warm(Keys keys) {
            keys.warm(key -> cache.getOrCreate(key, same -> same));
        }

        /** Ends it, and insists that hits were measured: nothing but the filling went to Redis. */
        @TearDown
        public void end() {
            long created = cache.stats().creatorRuns();
            long localHits = cache.stats().answers(Source.LOCAL);
            long others = cache.stats().answers().values().stream()
                            .mapToLong(Long::longValue)
                            .sum()
                    - localHits;
            ours.close();
            if (created != KEYS || others > KEYS + localHits / 1000) {
                throw new IllegalStateException(
                        created + " created, " + localHits + " local hits, " + others + " other answers");
            }
        }
    }

    /** With expiry, statistics, meters, and bounded staleness under Redis' word. */
    @Benchmark
    public String ours(Shared ours, Keys keys, Position position) {
        return ours.cache.getOrCreate(position.next(keys), key -> key);
    }

    /** This library over Redis, with the clock that a thread sets. */
    @State(Scope.Benchmark)
    public static class SharedCoarse extends Shared {

        /** With the coarse clock. */
        public SharedCoarse() {
            super(true);
        }
    }

    /** As {@link #ours}, with bounds of time that are softer by a clock's step. */
    @Benchmark
    public String oursCoarse(SharedCoarse ours, Keys keys, Position position) {
        return ours.cache.getOrCreate(position.next(keys), key -> key);
    }

    /** Redisson's map with a local cache. */
    @State(Scope.Benchmark)
    public static class RedissonLocal {
        final LocalHitContender.RedissonMap redisson;

        /** With Caffeine as provider. */
        public RedissonLocal() {
            this(false);
        }

        RedissonLocal(boolean objectKeys) {
            redisson = new LocalHitContender.RedissonMap(objectKeys);
        }

        /** Fills it. */
        @Setup
        public void warm(Keys keys) {
            keys.warm(key -> {
                redisson.map.fastPut(key, key);
                return Objects.requireNonNull(redisson.map.get(key));
            });
        }

        /** Ends it. */
        @TearDown
        public void end() {
            redisson.close();
        }
    }

    /** Its get alone: it has no creation of its own that is worth comparing here. */
    @Benchmark
    public String redissonLocalCachedMap(RedissonLocal redisson, Keys keys, Position position) {
        return Objects.requireNonNull(redisson.redisson.map.get(position.next(keys)));
    }

    /** Redisson's map with a local cache of its own. */
    @State(Scope.Benchmark)
    public static class RedissonLocalObjectKeys extends RedissonLocal {

        /** With the key itself as the local key. */
        public RedissonLocalObjectKeys() {
            super(true);
        }
    }

    /** As {@link #redissonLocalCachedMap}, without encoding the key. */
    @Benchmark
    public String redissonObjectKeys(RedissonLocalObjectKeys redisson, Keys keys, Position position) {
        return Objects.requireNonNull(redisson.redisson.map.get(position.next(keys)));
    }

    /** JetCache's local level. */
    @State(Scope.Benchmark)
    public static class Jet {
        final com.alicp.jetcache.Cache<String, String> cache = LocalHitContender.jetCache();

        /** Fills it. */
        @Setup
        public void warm(Keys keys) {
            keys.warm(key -> cache.computeIfAbsent(key, same -> same));
        }
    }

    /** Without a monitor, so without statistics. */
    @Benchmark
    public String jetCacheLocal(Jet jetCache, Keys keys, Position position) {
        return jetCache.cache.computeIfAbsent(position.next(keys), key -> key);
    }

    /** Spring's cache over Caffeine. */
    @State(Scope.Benchmark)
    public static class Spring {
        final CaffeineCache cache = LocalHitContender.spring();

        /** Fills it. */
        @Setup
        public void warm(Keys keys) {
            keys.warm(key -> Objects.requireNonNull(cache.get(key, () -> key)));
        }
    }

    /** As {@code @Cacheable(sync = true)} calls it, over Caffeine with expiry and statistics. */
    @Benchmark
    public String springCaffeine(Spring spring, Keys keys, Position position) {
        String key = position.next(keys);
        return Objects.requireNonNull(spring.cache.get(key, () -> key));
    }
}
