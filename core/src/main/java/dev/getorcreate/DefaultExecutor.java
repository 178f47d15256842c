package dev.getorcreate;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/** Runs the creators of {@code obtainAsync}: on virtual threads where the JVM has them, else on a small daemon pool. */
final class DefaultExecutor {

    private static final int POOL = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    private DefaultExecutor() {}

    static Executor of(String cache) {
        try {
            return (Executor) MethodHandles.publicLookup()
                    .findStatic(
                            Executors.class,
                            "newVirtualThreadPerTaskExecutor",
                            MethodType.methodType(java.util.concurrent.ExecutorService.class))
                    .invoke();
        } catch (Throwable e) { // a JVM before 21; whatever the reason, the pool serves
            return pool(cache);
        }
    }

    /** Idle threads end, so nothing needs to be shut down. */
    static Executor pool(String cache) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(POOL, POOL, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    Thread thread = new Thread(
                            null,
                            task,
                            "getorcreate-" + cache + "-" + number.incrementAndGet(),
                            0,
                            false); // what the first caller's thread passes on is none of the next one's
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
