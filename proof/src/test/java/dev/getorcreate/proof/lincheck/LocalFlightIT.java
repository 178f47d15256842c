package dev.getorcreate.proof.lincheck;

import static org.jetbrains.lincheck.datastructures.ManagedStrategyGuaranteeKt.forClasses;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import java.util.concurrent.atomic.AtomicInteger;
import org.jetbrains.lincheck.datastructures.ModelCheckingOptions;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A cache with a local tier under Lincheck: starting, joining, completing, invalidating and clearing, by three threads at
 * the same time, are as if done one after the other: what was read once is everybody's answer until it is invalidated,
 * and nobody's afterwards. How often the row was read is not looked at: an invalidation during a creation has it made
 * once more, also where that creation saw the row's last change.
 */
@Tag("once")
class LocalFlightIT {

    /** A row that changes, and a cache of it; the sequential specification is this same class, used by one thread. */
    public static class Operations {

        private final GetOrCreateCache<String, Integer> cache = GetOrCreateCache.<String, Integer>builder("lincheck")
                .local(CaffeineLocal.defaults())
                .timeSource(new StoppedTime())
                .build();

        private final AtomicInteger row = new AtomicInteger();

        @Operation
        public int obtain() {
            return cache.getOrCreate("k", key -> row.get());
        }

        @Operation
        public int change() {
            return row.incrementAndGet();
        }

        @Operation
        public void invalidate() {
            cache.invalidate("k");
        }

        @Operation
        public void clear() {
            cache.invalidateAll();
        }
    }

    /** Caffeine's methods, and counting, are taken for single steps: what is looked at is what the engine does between them. */
    @Test
    void allInterleavingsOfAFewThreadsAreOrders() {
        new ModelCheckingOptions()
                .addGuarantee(forClasses(
                                name -> name.startsWith("com.github.benmanes.caffeine.") || name.endsWith(".Counters"))
                        .allMethods()
                        .treatAsAtomic())
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(8)
                .invocationsPerIteration(60)
                .check(Operations.class);
    }

    @Test
    void underStressItStaysSo() {
        new StressOptions()
                .threads(3)
                .actorsPerThread(3)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(20)
                .invocationsPerIteration(1_000)
                .check(Operations.class);
    }
}
