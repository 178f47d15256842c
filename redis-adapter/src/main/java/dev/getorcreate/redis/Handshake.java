package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.CompletionException;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.TimeUnit;
import java.util.function.BiConsumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Makes a link of a fresh connection: asks the server its version, and has it tell of changes. */
final class Handshake {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");
    private static final Pattern VERSION = Pattern.compile("redis_version:(\\d+)\\.");
    private static final int LEAST_VERSION = 7;

    private final Settings settings;
    private final TimeSource time;
    /** Set before the first connection. */
    private BiConsumer<Link, @Nullable List<ByteBuffer>> pushes = (link, keys) -> {};
    /** For tests. Guard: volatile. Pushes are not heard. */
    private volatile boolean deaf;

    Handshake(Settings settings, TimeSource time) {
        this.settings = settings;
        this.time = time;
    }

    void tells(BiConsumer<Link, @Nullable List<ByteBuffer>> hearer) {
        pushes = hearer;
    }

    void deafen(boolean on) {
        deaf = on;
    }

    /** Nothing has been read over this connection yet; from here on, the server tells of changes. */
    CompletionStage<Link> arm(StatefulRedisConnection<byte[], byte[]> connection) {
        Tracking tracking = new Tracking(settings.maxStaleness().toNanos());
        Link link = new Link(connection, tracking, settings, time);
        connection.addListener((PushMessage message) -> {
            if (!deaf && "invalidate".equals(message.getType())) {
                pushes.accept(link, keys(message.getContent()));
            }
        });
        long sentAt = time.nanoTime();
        return connection
                .async()
                .clientTracking(TrackingArgs.Builder.enabled())
                .handle((ok, error) -> {
                    if (error == null) {
                        tracking.armed(sentAt);
                    } else if (error instanceof RedisCommandExecutionException) {
                        link.untracked();
                        LOG.log(
                                System.Logger.Level.WARNING,
                                settings.where() + " does not let this client track changes (" + error.getMessage()
                                        + "): local entries live for at most maxStaleness");
                    } else {
                        throw new CompletionException(error);
                    }
                    return link;
                })
                .thenCombine(connection.async().info("server").handle((info, error) -> info), Handshake::checked)
                .toCompletableFuture()
                .orTimeout(Connector.CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS)
                .whenComplete((armed, error) -> {
                    if (error != null) {
                        link.end();
                    }
                });
    }

    /** Where the server does not tell its version, it is taken at its word. */
    private static Link checked(Link link, @Nullable String info) {
        Matcher version = VERSION.matcher(String.valueOf(info));
        if (version.find() && Integer.parseInt(version.group(1)) < LEAST_VERSION) {
            throw new RedisCommandExecutionException(
                    "this is Redis " + version.group(1) + ", and version 7 or newer is needed (SET with NX and GET)");
        }
        return link;
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
}
