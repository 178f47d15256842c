package dev.getorcreate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Its threads work for whoever comes: a creation may be begun on a thread that has nothing to do with its caller. */
class DefaultExecutorTest {

    private final ClassLoader mine = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void asItWas() {
        Thread.currentThread().setContextClassLoader(mine);
    }

    @Test
    void theyAreVirtualWhereTheJvmHasSuchThreadsAndNeverKeepItAlive() throws Exception {
        Thread thread = CompletableFuture.supplyAsync(Thread::currentThread, DefaultExecutor.of("executor"))
                .join();
        assertEquals(Runtime.version().feature() >= 21, isVirtual(thread));
        assertTrue(thread.isDaemon());
    }

    private static boolean isVirtual(Thread thread) throws ReflectiveOperationException {
        return Runtime.version().feature() >= 21
                && (boolean) Thread.class.getMethod("isVirtual").invoke(thread);
    }

    @Test
    void thoseOfThePoolEndWhenTheyAreIdle() {
        ThreadPoolExecutor pool = DefaultExecutor.pool("executor");
        assertTrue(pool.getKeepAliveTime(TimeUnit.SECONDS) <= 10);
        pool.setKeepAliveTime(1, TimeUnit.MILLISECONDS);
        Thread thread =
                CompletableFuture.supplyAsync(Thread::currentThread, pool).join();
        assertTrue(thread.isDaemon());
        Awaitility.await().until(() -> !thread.isAlive());
    }

    /** A tenant, or a user. */
    @Test
    void theyTakeNothingOverFromTheThreadThatCameFirst() {
        InheritableThreadLocal<String> tenant = new InheritableThreadLocal<>();
        Executor executor = DefaultExecutor.of("executor");
        tenant.set("first");
        try {
            assertNull(CompletableFuture.supplyAsync(tenant::get, executor).join());
        } finally {
            tenant.remove();
        }
    }

    /** By which libraries find their services, in an application server or a fat jar. */
    @Test
    void theirClassLoaderIsTheOneThatTheCacheWasBuiltWith() throws Exception {
        try (URLClassLoader application = new URLClassLoader(new URL[0], mine)) {
            Thread.currentThread().setContextClassLoader(application);
            Executor executor = DefaultExecutor.of("executor");
            Thread.currentThread().setContextClassLoader(ClassLoader.getSystemClassLoader());
            assertSame(
                    application,
                    CompletableFuture.supplyAsync(() -> Thread.currentThread().getContextClassLoader(), executor)
                            .join());
        }
    }
}
