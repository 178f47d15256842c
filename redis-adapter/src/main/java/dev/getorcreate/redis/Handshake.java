package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** Makes a link of a fresh connection: asks the server what it is, and has it tell of changes. */
final class Handshake {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private final Settings settings;
    private final TimeSource time;
    private final boolean clustered;
    private final BiConsumer<Link, @Nullable List<ByteBuffer>> pushes;
    /** For tests. Guard: volatile. Pushes are not heard. */
    private volatile boolean deaf;

    Handshake(
            Settings settings,
            TimeSource time,
            boolean clustered,
            BiConsumer<Link, @Nullable List<ByteBuffer>> pushes) {
        this.settings = settings;
        this.time = time;
        this.clustered = clustered;
        this.pushes = pushes;
    }

    void deafen(boolean on) {
        deaf = on;
    }

    /** Nothing has been read over this connection yet; from here on, the server tells of changes. */
    CompletionStage<Link> arm(StatefulRedisConnection<byte[], byte[]> connection, Connector home, String server) {
        Tracking tracking = new Tracking(settings.maxStaleness().toNanos());
        Link link = new Link(connection, home, server, tracking, settings, time);
        connection.addListener((PushMessage message) -> heard(link, message));
        // Over RESP2 tracking would be acknowledged, and nothing ever be told: so the protocol is asked for once more.
        CompletionStage<Link> armed = send(link, Reply.hello())
                .thenCompose(hello -> {
                    long sentAt = time.nanoTime();
                    return connection
                            .async()
                            .clientTracking(TrackingArgs.Builder.enabled())
                            .thenAccept(ok -> tracking.armed(sentAt));
                })
                .handle((ok, error) -> tracked(link, error));
        CompletionStage<Link> described = armed.thenCombine(info(connection, "server"), (same, info) -> info)
                .thenCombine(info(connection, "replication"), (about, replication) -> {
                    link.describe(checked(ServerInfo.parse(about, replication)));
                    return link;
                });
        return Client.inTime(described).whenComplete((done, error) -> {
            if (error != null) {
                link.end();
            }
        });
    }

    /**
     * On the connection's thread. Nothing may be thrown out of here: after an Error the client ends a command whose reply
     * is still to come, and every later one gets the reply of the one before it.
     */
    private void heard(Link link, PushMessage message) {
        try {
            if (!deaf && !link.isLost() && "invalidate".equals(message.getType())) {
                pushes.accept(link, keys(message.getContent()));
            }
        } catch (Throwable e) {
            unheard(link, e);
        }
    }

    /** What changed is unknown, so nothing that the link showed may be believed. */
    private static void unheard(Link link, Throwable cause) {
        try {
            link.giveUp("a change could not be told");
            LOG.log(System.Logger.Level.WARNING, "telling of a change failed", cause);
        } catch (Throwable e) {
            // It is ended, and there is nobody to tell.
        }
    }

    private static <T> CompletableFuture<T> send(Link link, Reply<T> command) {
        link.send(command);
        return command.toCompletableFuture();
    }

    private static CompletionStage<@Nullable String> info(
            StatefulRedisConnection<byte[], byte[]> connection, String section) {
        return connection.async().info(section).handle((info, error) -> {
            requireRefusal(error);
            return info;
        });
    }

    /** What passes by itself fails the attempt: a link that was made of it would stay as it began. */
    private static void requireRefusal(@Nullable Throwable error) {
        if (error != null && Refusals.in(error) == null) {
            throw new CompletionException(error);
        }
    }

    private Link tracked(Link link, @Nullable Throwable error) {
        Throwable cause = error instanceof CompletionException && error.getCause() != null ? error.getCause() : error;
        requireRefusal(cause);
        if (cause instanceof RedisCommandExecutionException) {
            if (settings.trackingRequired()) {
                throw new RedisCommandExecutionException("it does not let this client track changes ("
                        + cause.getMessage() + "), and requireTracking() is set: permit HELLO 3 and CLIENT TRACKING"
                        + " (an ACL's +client|tracking), or leave requireTracking() out, and local entries live for at"
                        + " most maxStaleness");
            }
            link.untracked();
            LOG.log(
                    System.Logger.Level.WARNING,
                    link.where() + " does not let this client track changes (" + cause.getMessage()
                            + "): local entries live for at most maxStaleness");
        } else if (cause != null) {
            throw new CompletionException(cause);
        }
        return link;
    }

    private ServerInfo checked(ServerInfo server) {
        if (server.clustered() && !clustered) {
            throw new RedisCommandExecutionException(
                    "it is part of a Redis Cluster: name it by RedisSharedStore.cluster");
        }
        if (server.replica()) {
            throw new ReplicaException();
        }
        return server;
    }

    /** The keys of an invalidation, or null for all: the server was flushed, or forgot what it tracked. */
    private static @Nullable List<ByteBuffer> keys(List<Object> content) {
        if (content.size() < 2 || !(content.get(1) instanceof List<?> listed)) {
            return null;
        }
        return listed.stream()
                .filter(ByteBuffer.class::isInstance)
                .map(ByteBuffer.class::cast)
                .toList();
    }

    /** A replica answers where the upstream was looked for: usual for a moment in a failover. */
    static final class ReplicaException extends RuntimeException {

        private static final long serialVersionUID = 1L;

        ReplicaException() {
            super("the server is a replica, and reads and writes go to the upstream");
        }
    }
}
