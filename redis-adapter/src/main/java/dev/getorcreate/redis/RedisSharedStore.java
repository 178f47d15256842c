package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.TimeSource;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The shared store on a standalone Redis of version 7 or newer, through <a href="https://lettuce.io">Lettuce</a>. One per
 * process serves all its caches; close it after them.
 *
 * <p>It keeps one connection, over which the server tells of every change of what was read over it (RESP3 tracking).
 * Commands time out in {@code commandTimeout}; while there is no connection they are rejected at once and not queued.
 * Entries are served only while the newest answered PING was sent less than {@code maxStaleness} ago.
 */
public final class RedisSharedStore implements SharedStore, AutoCloseable {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private final Settings settings;
    private final TimeSource time;
    private final Connector connector;
    private final Leases leases;
    private final Invalidations invalidations;
    /** Guard: concurrent map. The open spaces by their escaped names. */
    private final Map<String, RedisSpace<?>> spaces = new ConcurrentHashMap<>();
    /** Guard: volatile; replaced on the connector's threads. Null: not connected. */
    private volatile @Nullable Link link;
    /** Guard: volatile; set for good. */
    private volatile boolean closed;

    RedisSharedStore(Connector connector, Settings settings, int maxPending, TimeSource time) {
        this.settings = settings;
        this.time = time;
        this.connector = connector;
        this.leases = new Leases(time, this::link, connector::after);
        this.invalidations = new Invalidations(maxPending);
    }

    /**
     * Begins a store.
     *
     * @param uri for instance {@code redis://user:password@host:6379/0} or {@code rediss://host} for TLS
     * @throws IllegalArgumentException if the URI is malformed
     */
    public static RedisSharedStoreBuilder builder(String uri) {
        return new RedisSharedStoreBuilder(uri);
    }

    /** Connects for the first time: what is wrong fails, what does not answer goes on in the background. */
    void start() {
        connector.start(this::connected, this::linkLost);
        connector.after(this::tick, pingNanos());
    }

    @Override
    public <K> SharedSpace<K> open(String cache, KeyCodec<K> keys, String codecId, Changes<K> changes) {
        if (closed) {
            throw new IllegalStateException("this Redis store is closed");
        }
        Namespace namespace = new Namespace(cache);
        RedisSpace<K> space = new RedisSpace<>(this, namespace, keys, Payload.codecId(codecId), changes);
        if (spaces.putIfAbsent(namespace.escaped(), space) != null) {
            throw new IllegalStateException(
                    "a cache named '" + cache + "' is open on this Redis store already; close it, or use that one");
        }
        return space;
    }

    void closed(Namespace namespace) {
        spaces.remove(namespace.escaped());
    }

    @Override
    public Duration maxStaleness() {
        return settings.maxStaleness();
    }

    /** The link, if an answer is to be expected over it. */
    Link link() {
        Link now = connectedLink();
        now.requireAnswering();
        return now;
    }

    /** The link, if there is a connection, whether it answers or not. */
    Link connectedLink() {
        Link now = link;
        if (now == null) {
            throw new SharedStoreUnavailableException(settings.where() + " is not connected", connector.lastError());
        }
        return now;
    }

    private void connected(Link fresh) {
        // Before anything is read over it.
        fresh.beforeReads(() -> invalidations.sendAgain(fresh));
        invalidations.sendAgain(fresh);
        link = fresh;
        invalidations.sendAgain(fresh); // those that found no link a moment ago
        LOG.log(System.Logger.Level.INFO, () -> "connected to " + settings.where());
    }

    private void linkLost(Link gone, @Nullable Throwable cause) {
        if (link == gone) {
            link = null;
        }
        gone.end();
        SharedStoreUnavailableException error =
                new SharedStoreUnavailableException(settings.where() + " lost the connection", cause);
        spaces.values().forEach(space -> space.lost(error));
    }

    /** A push of the server, on the connection's thread: the keys that changed, or null for all. */
    void pushed(Link from, @Nullable List<ByteBuffer> keys) {
        if (keys == null) {
            from.tracking().flushed();
            spaces.values().forEach(RedisSpace::flushed);
            return;
        }
        for (ByteBuffer key : keys) {
            byte[] whole = new byte[key.remaining()];
            key.duplicate().get(whole);
            String name = Namespace.of(whole);
            RedisSpace<?> space = name == null ? null : spaces.get(name);
            if (space != null) {
                space.changed(whole);
            }
        }
    }

    /** Every quarter of {@code maxStaleness}, at least twice a second, on the connector's timer. */
    private void tick() {
        if (closed) {
            return;
        }
        try {
            Link now = link;
            if (now != null && now.isSilent()) {
                connector.giveUp(now, "its PINGs stay unanswered");
            } else if (now != null) {
                now.ping();
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a PING could not be sent", e);
        } finally {
            connector.after(this::tick, pingNanos());
        }
    }

    private long pingNanos() {
        return Math.max(
                TimeUnit.MILLISECONDS.toNanos(10), settings.maxStaleness().toNanos() / 4);
    }

    /** For tests: whether the server's pushes are not heard, from now on. */
    void deafen(boolean on) {
        connector.deafen(on);
    }

    Settings settings() {
        return settings;
    }

    TimeSource time() {
        return time;
    }

    Leases leases() {
        return leases;
    }

    Invalidations invalidations() {
        return invalidations;
    }

    /** Closes the connection. Caches that still use this store then find it unavailable. Blocks for at most a second. */
    @Override
    public void close() {
        closed = true;
        Link now = link;
        link = null;
        if (now != null) {
            now.end();
        }
        connector.close();
        spaces.values().forEach(space -> space.lost(new IllegalStateException("the store was closed")));
    }
}
