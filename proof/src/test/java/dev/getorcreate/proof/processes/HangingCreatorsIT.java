package dev.getorcreate.proof.processes;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ForkJoinPool;
import org.junit.jupiter.api.Test;

/** I6, where creators hang on every thread that the JVM has for everybody. */
class HangingCreatorsIT {

    private static final String PARALLELISM = "-Djava.util.concurrent.ForkJoinPool.common.parallelism=3";

    @Test
    void whoJoinedThemIsAnsweredThoughTheCommonPoolHangsToo() {
        try (ChildJvm process = ChildJvm.start("hanging", List.of(PARALLELISM), Hanging.class)) {
            process.expect("all threads hang", CacheClient.PATIENCE);
            process.expect("both are answered: quick, quick", CacheClient.PATIENCE);
        }
    }

    /** The process. */
    static final class Hanging {

        private Hanging() {}

        public static void main(String[] args) throws InterruptedException {
            var lines = ChildJvm.endWithParent();
            int threads = ForkJoinPool.commonPool().getParallelism();
            CountDownLatch inside = new CountDownLatch(threads);
            CountDownLatch never = new CountDownLatch(1);
            GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("hanging")
                    .local(CaffeineLocal.defaults())
                    .maxCreationTime(Duration.ofSeconds(1))
                    .lease(Duration.ofSeconds(1))
                    .waitTimeout(Duration.ofSeconds(5))
                    .build();
            for (int i = 0; i < threads; i++) {
                String key = "k" + i;
                var unused = CompletableFuture.supplyAsync(() -> cache.getOrCreate(key, k -> {
                    inside.countDown();
                    never.await();
                    return "never";
                }));
            }
            inside.await();
            System.out.println("all threads hang");
            CompletableFuture<Outcome<String>> asynchronous = cache.obtainAsync("k0", key -> "quick");
            String blocking = cache.getOrCreate("k1", key -> "quick");
            System.out.println("both are answered: " + blocking + ", "
                    + asynchronous.join().value());
            String unused = lines.take();
        }
    }
}
