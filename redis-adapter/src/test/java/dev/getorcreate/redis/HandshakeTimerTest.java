package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.testkit.CapturedLog;
import io.netty.util.Timeout;
import io.netty.util.Timer;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.time.Duration;
import java.util.List;
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

    /** Of an attempt that was refused the client's own time-out is left, and comes when its threads have ended. */
    @Test
    void aStoreThatIsClosedWhileItsServerIsAwayLeavesNoTimeOutBehind() throws Exception {
        int nobody;
        try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
            nobody = socket.getLocalPort();
        }
        try (CapturedLog netty = new CapturedLog("io.netty");
                CapturedLog lettuce = new CapturedLog("io.lettuce")) {
            for (int i = 0;
                    i < 40;
                    i++) { // also in the moment in which it tries again, which is at first after 10 to 20 ms
                RedisSharedStore store =
                        RedisSharedStore.builder("redis://127.0.0.1:" + nobody).build();
                Thread.sleep(8 + i % 16);
                store.close();
            }
            await().during(Client.CONNECT_TIMEOUT.plusMillis(500)).untilAsserted(() -> {
                assertEquals(List.of(), netty.lines());
                assertEquals(List.of(), lettuce.lines());
            });
        }
    }

    @Test
    void onceStoppedNothingRuns() {
        AtomicInteger ran = new AtomicInteger();
        timer.newTimeout(same -> ran.incrementAndGet(), 50, TimeUnit.MILLISECONDS);
        timer.stop();
        timer.newTimeout(same -> ran.incrementAndGet(), 50, TimeUnit.MILLISECONDS);
        await().during(Duration.ofMillis(200)).until(() -> ran.get() == 0);
    }
}
