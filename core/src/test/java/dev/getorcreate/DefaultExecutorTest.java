package dev.getorcreate;

import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;

import java.net.URL;
import java.net.URLClassLoader;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Its threads work for whoever comes: a creation may be begun on a thread that has nothing to do with its caller. */
class DefaultExecutorTest {

    private final ClassLoader mine = Thread.currentThread().getContextClassLoader();

    @AfterEach
    void asItWas() {
        Thread.currentThread().setContextClassLoader(mine);
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
