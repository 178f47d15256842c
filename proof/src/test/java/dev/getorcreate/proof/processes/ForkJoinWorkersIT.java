package dev.getorcreate.proof.processes;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.ChildJvm;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Exchanger;
import java.util.concurrent.ForkJoinPool;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

/**
 * Callers on the workers of the common pool. {@code CompletableFuture.get} has a worker that waits run what is queued for
 * it: others' calls, on the stack of its own.
 */
class ForkJoinWorkersIT {

    private static final String PARALLELISM = "-Djava.util.concurrent.ForkJoinPool.common.parallelism=3";

    @Test
    void aWorkerThatWaitsForAnotherCallerOrForRedisRunsNobodyElsesCall() {
        try (RedisServer redis = RedisServer.start();
                ChildJvm process = ChildJvm.start("workers", List.of(PARALLELISM), Workers.class, redis.uri())) {
            process.expect("waiting for another caller: first, first", CacheClient.PATIENCE);
            process.expect("waiting for redis: mine, mine", CacheClient.PATIENCE);
        }
    }

    /** The process. */
    static final class Workers {

        private Workers() {}

        public static void main(String[] args) throws InterruptedException {
            var lines = ChildJvm.endWithParent();
            CountDownLatch over = new CountDownLatch(1);
            keepAllButOneBusy(over);
            try (GetOrCreateCache<String, String> alone = GetOrCreateCache.<String, String>builder("alone")
                            .local(CaffeineLocal.defaults())
                            .build();
                    RedisSharedStore store = RedisSharedStore.builder(args[0]).build();
                    GetOrCreateCache<String, String> shared = GetOrCreateCache.<String, String>builder("shared")
                            .shared(store, KeyCodec.string(), Codec.string())
                            .timeToLive(Duration.ofMinutes(1))
                            .build()) {
                System.out.println("waiting for another caller: " + behindALeader(alone));
                System.out.println("waiting for redis: "
                        + CompletableFuture.supplyAsync(() -> askedTwice(shared))
                                .join());
            } finally {
                over.countDown();
            }
            String unused = lines.take();
        }

        private static void keepAllButOneBusy(CountDownLatch over) throws InterruptedException {
            int others = ForkJoinPool.commonPool().getParallelism() - 1;
            CountDownLatch busy = new CountDownLatch(others);
            for (int i = 0; i < others; i++) {
                ForkJoinPool.commonPool().execute(() -> {
                    busy.countDown();
                    try {
                        over.await();
                    } catch (InterruptedException e) {
                        Thread.currentThread().interrupt();
                    }
                });
            }
            busy.await();
        }

        private static String behindALeader(GetOrCreateCache<String, String> cache) throws InterruptedException {
            CountDownLatch creating = new CountDownLatch(1);
            CountDownLatch goOn = new CountDownLatch(1);
            Thread leader = new Thread(() -> cache.getOrCreate("k", key -> {
                creating.countDown();
                goOn.await();
                return "first";
            }));
            leader.start();
            creating.await();
            Exchanger<Thread> worker = new Exchanger<>();
            CompletableFuture<String> answer = CompletableFuture.supplyAsync(() -> {
                try {
                    worker.exchange(Thread.currentThread());
                } catch (InterruptedException e) {
                    throw new AssertionError(e);
                }
                return askedTwice(cache);
            });
            Thread waiting = worker.exchange(leader);
            Awaitility.await().until(() -> waiting.getState() == Thread.State.TIMED_WAITING);
            goOn.countDown();
            leader.join();
            return answer.join();
        }

        /** Queues a call of the key for this very worker, and makes one itself. */
        private static String askedTwice(GetOrCreateCache<String, String> cache) {
            CompletableFuture<String> queued =
                    CompletableFuture.supplyAsync(() -> cache.getOrCreate("k", key -> "mine"));
            String own = cache.getOrCreate("k", key -> "mine");
            return own + ", " + queued.exceptionally(Throwable::toString).join();
        }
    }
}
