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
 * the same time. A cache is not linearizable as a map of its values: one who asked before an invalidation may still get
 * what was read since, and keeps it for nobody. So what is looked at is the promise: a call that begins after a change
 * was invalidated gets nothing read before.
 */
@Tag("once")
class LocalFlightIT {

    /** A row that one thread changes, and a cache of it. That nobody gets a row from before a change is no order's choice. */
    public static class Operations {

        private final GetOrCreateCache<String, Integer> cache = GetOrCreateCache.<String, Integer>builder("lincheck")
                .local(CaffeineLocal.defaults())
                .timeSource(new StoppedTime())
                .build();

        private final AtomicInteger row = new AtomicInteger();
        /** The row as of the last change that is over, its invalidation included. */
        private volatile int changed;

        @Operation
        public boolean obtainGivesNothingFromBeforeTheLastChange() {
            int atLeast = changed;
            return cache.getOrCreate("k", key -> row.get()) >= atLeast;
        }

        @Operation(nonParallelGroup = "changer")
        public void changeAndInvalidate() {
            int now = row.incrementAndGet();
            cache.invalidate("k");
            changed = now;
        }

        @Operation(nonParallelGroup = "changer")
        public void changeAndClear() {
            int now = row.incrementAndGet();
            cache.invalidateAll();
            changed = now;
        }
    }

    /** A cache whose key nobody invalidates: all who ask get what one creator made. */
    public static class OneCreation {

        private final GetOrCreateCache<String, Integer> cache = GetOrCreateCache.<String, Integer>builder(
                        "lincheck-one")
                .local(CaffeineLocal.defaults())
                .timeSource(new StoppedTime())
                .build();

        private final AtomicInteger runs = new AtomicInteger();

        @Operation
        public int obtain() {
            return cache.getOrCreate("k", key -> runs.incrementAndGet());
        }
    }

    /** Caffeine's methods, and counting, are taken for single steps: what is looked at is what the engine does between them. */
    @Test
    void allInterleavingsOfAFewThreadsAreOrders() {
        interleavings().check(Operations.class);
    }

    @Test
    void whoeverAsksAtOnceSharesOneCreation() {
        interleavings().check(OneCreation.class);
    }

    private static ModelCheckingOptions interleavings() {
        return new ModelCheckingOptions()
                .addGuarantee(forClasses(
                                name -> name.startsWith("com.github.benmanes.caffeine.") || name.endsWith(".Counters"))
                        .allMethods()
                        .treatAsAtomic())
                .threads(3)
                .actorsPerThread(2)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(8)
                .invocationsPerIteration(60);
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
