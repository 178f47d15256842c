package dev.getorcreate.testkit;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Look;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;

/** What the parts of {@link SharedStoreContract} share. */
@SuppressWarnings("NullAway.Init") // set before each test
abstract class SharedStoreFixture {

    static final String CACHE = "contract";
    static final String CODEC = "utf8";
    /** Short, because tests wait for its end; but a busy machine may stand still for most of it, and renew in time. */
    static final Duration LEASE = Duration.ofMillis(1200);
    /** Ends in no test: what happens is not its end. */
    static final Duration LONG = Duration.ofSeconds(30);
    /** More than anything takes on a busy machine. */
    static final Duration PATIENCE = Duration.ofSeconds(10);

    private ExecutorService threads;
    SharedStoreHarness harness;

    /** A harness over an empty server. Called before each test; closed after it. */
    protected abstract SharedStoreHarness newHarness() throws Exception;

    @BeforeEach
    void openHarness() throws Exception {
        threads = Executors.newCachedThreadPool(task -> {
            Thread thread = new Thread(task, "contract");
            thread.setDaemon(true);
            return thread;
        });
        harness = newHarness();
    }

    @AfterEach
    void closeHarness() {
        threads.shutdownNow();
        if (harness != null) {
            harness.close();
        }
    }

    Peer process() {
        return process(CACHE, CODEC);
    }

    Peer process(String cache, String codecId) {
        return connected(new Peer(harness.newProcess(), cache, codecId, harness.time(), threads));
    }

    /** One that may hear nothing for a while. */
    Peer process(Duration maxStaleness) {
        return connected(new Peer(harness.newProcess(maxStaleness), CACHE, CODEC, harness.time(), threads));
    }

    private static Peer connected(Peer peer) {
        eventually("it is connected", () -> {
            try {
                return peer.look("the connection is up") instanceof Look.Nothing;
            } catch (SharedStoreUnavailableException e) {
                return false;
            }
        });
        return peer;
    }

    Peer open(Peer sameProcess, String cache) {
        return new Peer(sameProcess.store, cache, CODEC, harness.time(), threads);
    }

    ExecutorService threads() {
        return threads;
    }

    static byte[] utf8(String text) {
        return text.getBytes(StandardCharsets.UTF_8);
    }

    static void eventually(String what, BooleanSupplier condition) {
        await(what).atMost(PATIENCE).pollInterval(Duration.ofMillis(5)).until(condition::getAsBoolean);
    }

    static <T> T soon(CompletableFuture<T> future) throws InterruptedException, ExecutionException {
        try {
            return future.get(PATIENCE.toSeconds(), TimeUnit.SECONDS);
        } catch (TimeoutException e) {
            throw new AssertionError("not done within " + PATIENCE, e);
        }
    }

    /** Waits until the process's sleep has begun: it must be asleep, not just about to be, when what wakes it comes. */
    static void letFallAsleep(CompletableFuture<Look> sleep) {
        // What a sleep does before it sleeps takes a few round trips; nothing tells from outside that they are over.
        await().pollDelay(Duration.ofMillis(100)).atMost(PATIENCE).until(() -> !sleep.isDone());
    }

    static void assertNothing(Look look) {
        assertInstanceOf(Look.Nothing.class, look);
    }
}
