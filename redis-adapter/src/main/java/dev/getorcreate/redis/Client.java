package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulConnection;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.codec.StringCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import io.netty.util.concurrent.EventExecutor;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * The Lettuce client under a store: makes connections that neither reconnect by themselves nor queue, and runs the
 * store's timers. Over threads that were handed in it closes its own connections only.
 */
final class Client implements AutoCloseable {

    static final Duration CONNECT_TIMEOUT = Duration.ofSeconds(2);

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private final RedisClient client;
    private final ClientResources resources;
    /** Ours to end; null: they were lent. */
    private final @Nullable ClientResources own;
    /** Ours to stop; null: they were lent. */
    private final @Nullable HandshakeTimer handshakes;
    /** One thread has all timers: with several, one that sets the next for another one wakes that only to set it. */
    private final EventExecutor timers;
    /** Guard: volatile; set for good. */
    private volatile boolean closed;
    /** Guard: volatile; set for good. That there was no thread was logged. */
    private volatile boolean complained;

    /**
     * A client.
     *
     * @param theirs lends its threads and its options (TLS, sockets); null: all our own
     */
    Client(@Nullable AbstractRedisClient theirs) {
        if (theirs == null) {
            HandshakeTimer timer = new HandshakeTimer();
            ClientResources made = ClientResources.builder()
                    .nettyCustomizer(new SharedFlushes())
                    .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                    .timer(timer)
                    .build();
            this.handshakes = timer;
            this.own = made;
            this.resources = made;
        } else {
            this.handshakes = null;
            this.own = null;
            this.resources = theirs.getResources();
        }
        this.timers = resources.eventExecutorGroup().next();
        this.client = RedisClient.create(resources);
        client.setOptions(options(theirs == null ? null : theirs.getOptions()));
    }

    /**
     * What several threads send at once goes out by one write to the socket: each would have one of its own otherwise. As
     * a handler of Netty does it, whose limit this is.
     */
    private static final class SharedFlushes implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline()
                    .addFirst(new FlushConsolidationHandler(
                            FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
        }
    }

    /** Without Lettuce's own time-out for each command, which costs a timer: whoever waits does so for a limited time. */
    private static ClientOptions options(@Nullable ClientOptions theirs) {
        SocketOptions sockets = theirs == null ? SocketOptions.create() : theirs.getSocketOptions();
        ClientOptions.Builder options = ClientOptions.builder();
        if (theirs != null) {
            options.sslOptions(theirs.getSslOptions());
        }
        return options.autoReconnect(false)
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .socketOptions(sockets.mutate()
                        .connectTimeout(CONNECT_TIMEOUT)
                        .tcpNoDelay(true)
                        .build())
                .build();
    }

    CompletionStage<StatefulRedisConnection<byte[], byte[]>> connect(RedisURI uri) {
        return unlessClosed(() -> client.connectAsync(ByteArrayCodec.INSTANCE, uri));
    }

    CompletionStage<StatefulRedisSentinelConnection<String, String>> connectSentinel(RedisURI uri) {
        return unlessClosed(() -> client.connectSentinelAsync(StringCodec.UTF8, uri));
    }

    /** An attempt that begins while the threads end is an error in the log. To begin one does not block. */
    private synchronized <T> CompletionStage<T> unlessClosed(Supplier<CompletionStage<T>> attempt) {
        return closed
                ? CompletableFuture.failedFuture(
                        new SharedStoreUnavailableException("this Redis store is closed", null))
                : attempt.get();
    }

    /** Ends a connection; also one that its server ended, which the client would keep otherwise. */
    static void end(StatefulConnection<?, ?> connection) {
        // To end it twice is logged as a warning, and whoever closes the client has ended it.
        if (!(connection instanceof RedisChannelHandler<?, ?> known && known.isClosed())) {
            var unused = connection.closeAsync();
        }
    }

    /**
     * Fails what is not done within {@link #CONNECT_TIMEOUT}. Not by the JVM's one timer thread, which callbacks of others may
     * hold up: then a server that never answers would be waited for, and no other connection be tried.
     */
    static <T> CompletableFuture<T> inTime(CompletionStage<T> stage) {
        CompletableFuture<T> future = stage.toCompletableFuture();
        try {
            CompletableFuture<?> timer = TimeSource.system()
                    .after(
                            CONNECT_TIMEOUT.toNanos(),
                            () -> future.completeExceptionally(
                                    new TimeoutException("no answer in " + CONNECT_TIMEOUT)));
            return future.whenComplete((done, error) -> timer.cancel(false));
        } catch (Throwable e) { // an Error: whoever waits for the end has to hear of it, and close what it opened
            future.completeExceptionally(e);
            return future;
        }
    }

    /**
     * Runs a task that does not block, on a thread of the client. Where that cannot be started, the JDK's own timer runs
     * it: it may be the one by which everything else is tried again.
     */
    void after(Runnable task, long nanos) {
        if (closed) {
            return;
        }
        // What could not be started may still have it in its queue, and start with the next task.
        AtomicBoolean ran = new AtomicBoolean();
        Runnable once = () -> {
            if (ran.compareAndSet(false, true)) {
                task.run();
            }
        };
        try {
            var unused = timers.schedule(once, nanos, TimeUnit.NANOSECONDS);
        } catch (RejectedExecutionException e) {
            LOG.log(System.Logger.Level.DEBUG, "closing", e);
        } catch (Throwable e) { // an Error, as where no thread is to be had
            var unused = new CompletableFuture<@Nullable Void>()
                    .completeOnTimeout(null, nanos, TimeUnit.NANOSECONDS)
                    .thenRun(once);
            if (!complained) {
                complained = true;
                LOG.log(System.Logger.Level.WARNING, "a thread could not be started, and the JDK's timer stands in", e);
            }
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends all connections and our own threads. Blocks for at most about two seconds. */
    @Override
    public void close() {
        synchronized (this) {
            closed = true;
        }
        if (handshakes != null) {
            var unused = handshakes.stop();
        }
        await(client.shutdownAsync(0, 1, TimeUnit.SECONDS));
        if (own != null) {
            await(own.shutdown(0, 1, TimeUnit.SECONDS));
        }
    }

    private static void await(Future<?> ending) {
        try {
            ending.get(1, TimeUnit.SECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } catch (ExecutionException | TimeoutException e) {
            LOG.log(System.Logger.Level.DEBUG, "the client is still shutting down", e);
        }
    }
}
