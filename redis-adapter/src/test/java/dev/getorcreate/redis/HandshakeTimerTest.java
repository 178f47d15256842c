package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.testkit.CapturedLog;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class HandshakeTimerTest {

    private final Timer timer = new HandshakeTimer();

    @Test
    void whatIsDueRunsOnceAndIsToldItsTimeout() throws Exception {
        CompletableFuture<Timeout> told = new CompletableFuture<>();
        Timeout timeout = timer.newTimeout(told::complete, 20, TimeUnit.MILLISECONDS);
        assertFalse(timeout.isExpired());
        assertSame(timeout, told.get(5, TimeUnit.SECONDS));
        assertTrue(timeout.isExpired());
        assertFalse(timeout.cancel());
        assertFalse(timeout.isCancelled());
    }

    @Test
    void whatIsCancelledDoesNotRun() {
        AtomicInteger ran = new AtomicInteger();
        Timeout timeout = timer.newTimeout(same -> ran.incrementAndGet(), 50, TimeUnit.MILLISECONDS);
        assertTrue(timeout.cancel());
        assertTrue(timeout.isCancelled());
        assertFalse(timeout.isExpired());
        await().during(Duration.ofMillis(200)).until(() -> ran.get() == 0);
    }

    @Test
    void whatFailsIsLogged() {
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            timer.newTimeout(
                    same -> {
                        throw new Exception("as if");
                    },
                    1,
                    TimeUnit.MILLISECONDS);
            await().until(() -> !log.lines().isEmpty());
            assertEquals(1, log.lines().size());
        }
    }
}
