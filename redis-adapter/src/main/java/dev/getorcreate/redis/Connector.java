package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.protocol.ProtocolVersion;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Makes links, one after the other: connects, arms tracking, and only then hands the link out. After a loss it tries
 * again, at first soon and then every second or so, until it is closed.
 */
final class Connector {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");
    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);
    private static final int FIRST_ATTEMPTS = 5;
    private static final long FIRST_RETRY_MILLIS = 20;
    private static final long LAST_RETRY_MILLIS = 1_000;
    /** Errors that pass by themselves; any other refusal while connecting is wrong configuration. */
    private static final List<String> PASSING = List.of("LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN", "ERR max number");

    private final RedisClient client;
    private final RedisURI uri;
    private final Settings settings;
    private final Handshake handshake;

    private Consumer<Link> connected = link -> {};
    private BiConsumer<Link, @Nullable Throwable> lost = (link, cause) -> {};
    /** Guard: atomic. The link that was handed out and is not lost yet. */
    private final AtomicReference<@Nullable Link> current = new AtomicReference<>();
    /** Guard: volatile. */
    private volatile @Nullable Throwable lastError;
    /** Guard: volatile; set for good. */
    private volatile boolean closed;

    Connector(RedisURI uri, Settings settings, TimeSource time) {
        this.uri = uri;
        this.settings = settings;
        this.handshake = new Handshake(settings, time);
        uri.setTimeout(CONNECT_TIMEOUT); // of the handshake; commands are timed by the link
        this.client = RedisClient.create(uri);
        client.setOptions(ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .protocolVersion(ProtocolVersion.RESP3)
                .socketOptions(SocketOptions.builder()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .tcpNoDelay(true)
                        .build())
                .build());
    }

    /** Who is told of the server's pushes; before {@link #start}. */
    void tells(BiConsumer<Link, @Nullable List<ByteBuffer>> hearer) {
        handshake.tells(hearer);
    }

    /** Connects for the first time. A refusal is thrown; silence is not: then attempts go on in the background. */
    void start(Consumer<Link> onConnected, BiConsumer<Link, @Nullable Throwable> onLost) {
        this.connected = onConnected;
        this.lost = onLost;
        Throwable refusal = null;
        for (int attempt = 1; attempt <= FIRST_ATTEMPTS && refusal == null; attempt++) {
            Throwable error = firstAttempt();
            if (error == null) {
                return;
            }
            refusal = refusal(error);
            if (isAway(error)) {
                break;
            }
        }
        if (refusal != null) {
            throw new IllegalArgumentException(
                    settings.where() + " refuses the connection: " + refusal.getMessage()
                            + " (check user, password, TLS, database and rights in the Redis URI)",
                    refusal);
        }
        LOG.log(System.Logger.Level.WARNING, settings.where() + " does not answer; starting without it", lastError);
        retry(FIRST_RETRY_MILLIS);
    }

    private @Nullable Throwable firstAttempt() {
        CompletableFuture<Link> attempt = connect();
        try {
            attempt.get(CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e;
        } catch (TimeoutException e) {
            attempt.cancel(true);
            return e;
        } catch (InterruptedException e) {
            attempt.cancel(true);
            Thread.currentThread().interrupt();
            return e;
        }
    }

    /** Nobody there. Other errors may hide a refusal: the client can lose it when the connection closes meanwhile. */
    private static boolean isAway(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException
                    || cause instanceof UnknownHostException
                    || cause instanceof TimeoutException
                    || cause instanceof InterruptedException) {
                return true;
            }
        }
        return false;
    }

    /** One attempt. A link that comes after the attempt was given up is ended. */
    private CompletableFuture<Link> connect() {
        CompletableFuture<Link> done = new CompletableFuture<>();
        // From a future, so that whatever is thrown on the way fails the attempt, and the next one follows.
        var unused = CompletableFuture.completedFuture(uri)
                .thenCompose(to -> client.connectAsync(ByteArrayCodec.INSTANCE, to))
                .thenCompose(handshake::arm)
                .whenComplete((link, error) -> {
                    if (error != null) {
                        failed(done, error);
                    } else if (done.isDone()) {
                        link.end();
                    } else {
                        handOut(link, done);
                    }
                });
        return done;
    }

    private void retry(long millis) {
        long jittered = ThreadLocalRandom.current().nextLong(millis / 2, millis + 1);
        long next = Math.min(LAST_RETRY_MILLIS, 2 * millis);
        after(() -> tryAgain(next), TimeUnit.MILLISECONDS.toNanos(jittered));
    }

    private void tryAgain(long nextMillis) {
        var unused = connect().whenComplete((link, error) -> {
            if (error != null) {
                retry(nextMillis);
            }
        });
    }

    private void handOut(Link link, CompletableFuture<Link> done) {
        if (!current.compareAndSet(null, link)) {
            link.end(); // of an attempt that was given up too late
            done.complete(link);
            return;
        }
        try {
            connected.accept(link);
            link.onLoss(gone -> lost(gone, null));
            done.complete(link);
        } catch (RuntimeException e) {
            current.compareAndSet(link, null);
            link.end();
            failed(done, e);
        }
        if (closed) {
            link.end();
        }
    }

    private void failed(CompletableFuture<Link> attempt, Throwable error) {
        lastError = error;
        attempt.completeExceptionally(error);
    }

    private void lost(Link gone, @Nullable Throwable cause) {
        // Of the several ways to learn of a loss, the first one counts.
        if (current.compareAndSet(gone, null)) {
            lastError = cause;
            lost.accept(gone, cause);
            retry(FIRST_RETRY_MILLIS);
        }
    }

    /** A link that answers no more, though its connection was not reported lost. */
    void giveUp(Link silent, String why) {
        LOG.log(System.Logger.Level.WARNING, settings.where() + ": giving the connection up, " + why);
        lost(silent, new SharedStoreUnavailableException(why, null));
    }

    /** Runs a task that does not block, on a thread of the client. */
    void after(Runnable task, long nanos) {
        if (closed) {
            return;
        }
        try {
            var unused = client.getResources().eventExecutorGroup().schedule(task, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing", e);
        }
    }

    void deafen(boolean on) {
        handshake.deafen(on);
    }

    @Nullable
    Throwable lastError() {
        return lastError;
    }

    /** What in a failed attempt says that the configuration is wrong, rather than that the server is away. */
    private static @Nullable Throwable refusal(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            boolean refused = cause instanceof RedisCommandExecutionException
                    && PASSING.stream().noneMatch(message::startsWith);
            if (refused || cause instanceof SSLException) {
                return cause;
            }
        }
        return null;
    }

    /** Ends all attempts and the client's threads. Blocks for at most about a second. */
    void close() {
        closed = true;
        try {
            client.shutdownAsync(0, 1, TimeUnit.SECONDS).get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "the client is still shutting down", e);
        }
    }
}
