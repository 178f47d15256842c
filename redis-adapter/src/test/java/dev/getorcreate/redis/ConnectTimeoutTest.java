package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ConnectTimeoutTest {

    /** Somebody's callback of a future that timed out blocks there. */
    @Test
    void aServerThatDoesNotAnswerIsGivenUpAlsoWhileTheJvmsTimerThreadHangs() throws Exception {
        CountDownLatch hangs = new CountDownLatch(1);
        CountDownLatch over = new CountDownLatch(1);
        CompletableFuture<?> unused = new CompletableFuture<@Nullable Void>()
                .orTimeout(1, TimeUnit.MILLISECONDS)
                .exceptionally(error -> {
                    hangs.countDown();
                    try {
                        assertTrue(over.await(30, TimeUnit.SECONDS));
                    } catch (InterruptedException e) {
                        throw new AssertionError(e);
                    }
                    return null;
                });
        try {
            assertTrue(hangs.await(10, TimeUnit.SECONDS));
            CompletableFuture<String> never = Client.inTime(new CompletableFuture<>());
            ExecutionException failure = assertThrows(ExecutionException.class, () -> never.get(15, TimeUnit.SECONDS));
            assertInstanceOf(TimeoutException.class, failure.getCause());
        } finally {
            over.countDown();
        }
    }
}
