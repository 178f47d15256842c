package dev.getorcreate;

import java.util.concurrent.Executor;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Runs the creators of {@code obtainAsync}: on virtual threads where the JVM has them, else on a small daemon pool. Which
 * thread begins a creation depends on who comes first, so they take no thread-locals over from that one, and its class
 * loader is the one that the cache was built with.
 */
final class DefaultExecutor {

    private static final int POOL = Math.max(4, 2 * Runtime.getRuntime().availableProcessors());

    private DefaultExecutor() {}

    static Executor of(String cache) {
        ClassLoader loader = Thread.currentThread().getContextClassLoader();
        Executor threads = threads(cache);
        return task -> threads.execute(() -> {
            Thread.currentThread().setContextClassLoader(loader);
            task.run();
        });
    }

    private static Executor threads(String cache) {
        try {
            Object builder = Thread.class.getMethod("ofVirtual").invoke(null);
            Class<?> type = Class.forName("java.lang.Thread$Builder$OfVirtual");
            Object alone = type.getMethod("inheritInheritableThreadLocals", boolean.class)
                    .invoke(builder, false);
            return (Executor) Executors.class
                    .getMethod("newThreadPerTaskExecutor", ThreadFactory.class)
                    .invoke(null, type.getMethod("factory").invoke(alone));
        } catch (ReflectiveOperationException
                | RuntimeException
                | LinkageError e) { // a JVM before 21, or one without these
            return pool(cache);
        }
    }

    /** Idle threads end, so nothing needs to be shut down. */
    static ThreadPoolExecutor pool(String cache) {
        AtomicInteger number = new AtomicInteger();
        ThreadPoolExecutor pool =
                new ThreadPoolExecutor(POOL, POOL, 10, TimeUnit.SECONDS, new LinkedBlockingQueue<>(), task -> {
                    String name = "getorcreate-" + cache + "-" + number.incrementAndGet();
                    Thread thread = new Thread(null, task, name, 0, false);
                    thread.setDaemon(true);
                    return thread;
                });
        pool.allowCoreThreadTimeOut(true);
        return pool;
    }
}
