package dev.getorcreate.proof.lincheck;

import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.LocalStore;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.StressOptions;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** The local store on Caffeine under Lincheck, beside a specification of a few lines. */
@Tag("once")
class LocalStoreIT {

    private static final int FUTURES = 3;

    /** One key, three futures. Evicting is to remove what is done and not what is in flight. */
    @Param(name = "future", gen = IntGen.class, conf = "0:2")
    public static class Operations {

        private final LocalStore<String, Integer> store =
                CaffeineLocal.defaults().open("lincheck", new StoppedTime());
        private final List<CompletableFuture<Integer>> futures = IntStream.range(0, FUTURES)
                .mapToObj(i -> new CompletableFuture<Integer>())
                .toList();

        @Operation
        public int start(@Param(name = "future") int future) {
            return futures.indexOf(store.joinOrStart("k", futures.get(future)));
        }

        @Operation
        public int peek() {
            CompletableFuture<Integer> there = store.peek("k");
            return there == null ? -1 : futures.indexOf(there);
        }

        @Operation
        public boolean complete(@Param(name = "future") int future) {
            return futures.get(future).complete(future);
        }

        @Operation
        public boolean remove(@Param(name = "future") int future) {
            return store.remove("k", futures.get(future));
        }

        @Operation
        public void clear() {
            store.clear();
        }
    }

    /** What {@link Operations} must look like to callers. */
    public static class Specification {

        private @Nullable Integer there;
        private final boolean[] done = new boolean[FUTURES];

        public int start(int future) {
            there = there == null ? future : there;
            return there;
        }

        public int peek() {
            return there == null ? -1 : there;
        }

        public boolean complete(int future) {
            boolean first = !done[future];
            done[future] = true;
            return first;
        }

        public boolean remove(int future) {
            boolean sits = there != null && there == future;
            there = sits ? null : there;
            return sits;
        }

        public void clear() {
            there = null;
        }
    }

    @Test
    void underStressItIsAMapOfOneAtomicStepEach() {
        new StressOptions()
                .sequentialSpecification(Specification.class)
                .threads(3)
                .actorsPerThread(4)
                .actorsBefore(0)
                .actorsAfter(0)
                .iterations(20)
                .invocationsPerIteration(1_000)
                .check(Operations.class);
    }
}
