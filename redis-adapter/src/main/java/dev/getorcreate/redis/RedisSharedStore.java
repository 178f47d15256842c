package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.cluster.RedisClusterClient;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * The shared store on Redis 6.2 or newer, or Valkey, through <a href="https://lettuce.io">Lettuce</a>: standalone, behind
 * Sentinels, or a Redis Cluster. One per process serves all its caches; close it after them.
 *
 * <p>It keeps one connection to each upstream server, over which the server tells of every change of what was read over
 * it (RESP3 tracking). Commands time out in {@code commandTimeout}; while there is no connection they are rejected at
 * once and not queued. Entries are served only while the newest answered PING was sent less than {@code maxStaleness}
 * ago. A server that does not tell of changes is used without that, and entries live for at most {@code maxStaleness}.
 */
public final class RedisSharedStore implements SharedStore, AutoCloseable {

    private static final long LONGEST_TICK = TimeUnit.MILLISECONDS.toNanos(500);

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private final Settings settings;
    private final TimeSource time;
    private final Client client;
    private final Handshake handshake;
    private final Routes routes;
    private final Releases releases;
    private final Leases leases;
    private final Invalidations invalidations;
    /** Guard: concurrent map. The open spaces by their escaped names. */
    private final Map<String, RedisSpace<?>> spaces = new ConcurrentHashMap<>();
    /** Guard: volatile; set for good. */
    private volatile boolean closed;

    RedisSharedStore(Client client, List<RedisURI> uris, boolean clustered, Settings settings, int maxPending) {
        this.settings = settings;
        this.time = TimeSource.system();
        this.client = client;
        this.handshake = new Handshake(settings, time, clustered, this::pushed);
        this.releases = new Releases(time, this::connectedLink);
        this.leases = new Leases(time, this::link, client::after, releases);
        this.invalidations = new Invalidations(maxPending, time);
        this.routes = clustered ? cluster(uris) : oneServer(uris.get(0));
    }

    private Routes oneServer(RedisURI uri) {
        return new OneServer(
                client, uri, target -> new Connector(client, target, settings.where(), handshake, new Events(this)));
    }

    private Routes cluster(List<RedisURI> seeds) {
        Events events = new Events(this);
        return new Cluster(
                client,
                seeds,
                node -> {
                    int colon = node.lastIndexOf(':');
                    RedisURI uri = RedisURI.builder(seeds.get(0))
                            .withHost(node.substring(0, colon))
                            .withPort(Integer.parseInt(node.substring(colon + 1)))
                            .build();
                    return new Connector(
                            client, () -> CompletableFuture.completedStage(uri), "Redis at " + node, handshake, events);
                },
                new Moves(this));
    }

    /**
     * Begins a store on a standalone server, or on the upstream that Sentinels name.
     *
     * @param uri for instance {@code redis://user:password@host:6379/0}, {@code rediss://host} for TLS, or
     *     {@code redis-sentinel://host1:26379,host2:26379#name}
     * @throws IllegalArgumentException if the URI is malformed
     */
    public static RedisSharedStoreBuilder builder(String uri) {
        return builder(Uris.parsed(uri));
    }

    /**
     * As {@link #builder(String)}, for what a text cannot say: a password with any characters, or a {@code
     * RedisCredentialsProvider}, which each connection asks anew. A server that ends a connection whose token is over is
     * connected to again with the new one; meanwhile it is away.
     */
    public static RedisSharedStoreBuilder builder(RedisURI uri) {
        return new RedisSharedStoreBuilder(null, false, List.of(Objects.requireNonNull(uri, "uri")));
    }

    /**
     * As {@link #builder(String)}, over a client of the application's: its threads, its TLS options and its socket options
     * (but for the connect time-out, 2 s, and {@code TCP_NODELAY}) are used, its connections and other options are not, and it is never closed. Renewals, PINGs and attempts to connect run on its executors: a
     * callback of yours that blocks one of their threads holds them up.
     */
    public static RedisSharedStoreBuilder builder(RedisClient client, RedisURI uri) {
        return new RedisSharedStoreBuilder(Objects.requireNonNull(client, "client"), false, List.of(uri));
    }

    /**
     * Begins a store on a Redis Cluster.
     *
     * @param uris of some of its nodes, tried in turn; the others are found through them. User, password and TLS of the
     *     first one are used for all
     * @throws IllegalArgumentException if there is none, or one is malformed
     */
    public static RedisSharedStoreBuilder cluster(String... uris) {
        return cluster(Stream.of(uris).map(Uris::parsed).toArray(RedisURI[]::new));
    }

    /** As {@link #cluster(String...)}, for what a text cannot say, as {@link #builder(RedisURI)}. */
    public static RedisSharedStoreBuilder cluster(RedisURI... uris) {
        return new RedisSharedStoreBuilder(null, true, List.of(uris));
    }

    /** As {@link #cluster(String...)}, over a client of the application's, as {@link #builder(RedisClient, RedisURI)}. */
    public static RedisSharedStoreBuilder cluster(RedisClusterClient client, RedisURI... uris) {
        return new RedisSharedStoreBuilder(Objects.requireNonNull(client, "client"), true, List.of(uris));
    }

    /** Connects for the first time: what is wrong fails, what does not answer goes on in the background. */
    void start() {
        routes.start();
        client.after(() -> tick(1), tickNanos());
    }

    @Override
    public <K> SharedSpace<K> open(String cache, KeyCodec<K> keys, String codecId, Changes<K> changes) {
        if (closed) {
            throw new IllegalStateException("this Redis store is closed");
        }
        Namespace namespace = new Namespace(cache);
        Rights.require(namespace, routes.links());
        RedisSpace<K> space = new RedisSpace<>(this, namespace, keys, Payload.codecId(codecId), changes);
        if (spaces.putIfAbsent(namespace.escaped(), space) != null) {
            throw new IllegalStateException(
                    "a cache named '" + cache + "' is open on this Redis store already; close it, or use that one");
        }
        var unused = invalidations.inherit(
                space,
                true,
                other -> other != space && other.namespace().escaped().equals(namespace.escaped()));
        return space;
    }

    /** The cache that is open under this name; null if there is none. */
    @Nullable
    RedisSpace<?> openUnder(Namespace namespace) {
        return spaces.get(namespace.escaped());
    }

    void closed(RedisSpace<?> space) {
        spaces.remove(space.namespace().escaped(), space); // somebody may have opened it anew
    }

    /**
     * Whether the server is connected and answers, or in a cluster every upstream, as far as is known now; for health checks
     * and gauges. Asks nothing and does not block: a server that falls silent is noticed by the first command that is not
     * answered in {@code commandTimeout}, or by a PING. While it is not, callers are served by the arbiter, or fail.
     */
    public boolean isConnected() {
        return !closed && routes.isWhole();
    }

    /**
     * How many invalidations answered {@code PENDING} and still are: of keys, and of whole caches as one each. For health
     * checks and gauges; does not block.
     */
    public int pendingInvalidations() {
        return invalidations.owed();
    }

    @Override
    public Duration maxStaleness() {
        return settings.maxStaleness();
    }

    /** The link to the key's server, if an answer is to be expected over it. */
    Link link(byte[] key) {
        Link now = connectedLink(key);
        now.requireAnswering();
        return now;
    }

    /** The link to the key's server, if there is a connection, whether it answers or not. */
    Link connectedLink(byte[] key) {
        if (closed) {
            throw new SharedStoreUnavailableException("this Redis store is closed", null);
        }
        return routes.home(key).link();
    }

    /** As {@link #connectedLink}; or this one, which may not be in use yet, if it leads there; or null. */
    @Nullable
    Link linkOrNull(byte[] key, @Nullable Link via) {
        Connector home = routes.homeOrNull(key);
        if (home == null) {
            return null;
        }
        Link now = via != null && home == via.home() ? via : home.linkOrNull();
        return now == null || now.isLost() ? null : now;
    }

    List<Link> links() {
        return routes.links();
    }

    Routes routes() {
        return routes;
    }

    Collection<RedisSpace<?>> spaces() {
        return spaces.values();
    }

    /** A push of the server, on the connection's thread: the keys that changed, or null for all. */
    void pushed(Link from, @Nullable List<ByteBuffer> keys) {
        if (keys == null) {
            from.tracking().flushed();
            spaces.values().forEach(space -> space.forgotten(from));
            return;
        }
        for (ByteBuffer key : keys) {
            byte[] whole = new byte[key.remaining()];
            key.duplicate().get(whole);
            String name = Namespace.of(whole);
            RedisSpace<?> space = name == null ? null : spaces.get(name);
            if (space != null) {
                space.changed(from, whole);
            }
        }
    }

    /**
     * On the client's timer. What fails in it is logged, and it comes again. A link that is well is asked every quarter of {@code
     * maxStaleness}; one that is in doubt at every tick, so that it is used again soon, or given up.
     */
    private void tick(int number) {
        if (closed) {
            return;
        }
        try {
            boolean everyone = number % ticksPerPing() == 0;
            routes.links().forEach(link -> ask(link, everyone));
            routes.tick();
            spaces.values().forEach(space -> space.generations().touch());
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "what is done at every tick failed", e);
        } finally {
            client.after(() -> tick(number + 1), tickNanos());
        }
    }

    private static void ask(Link link, boolean everyone) {
        try {
            if (link.pulse().isSilent()) {
                link.home().giveUp(link, "its PINGs stay unanswered");
            } else if (everyone || link.pulse().isInDoubt()) {
                link.pulse().ask();
            }
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.WARNING, "a PING could not be sent", e);
        }
    }

    private long tickNanos() {
        return pingNanos() / ticksPerPing();
    }

    private long ticksPerPing() {
        return (pingNanos() + LONGEST_TICK - 1) / LONGEST_TICK;
    }

    private long pingNanos() {
        return Math.max(
                TimeUnit.MILLISECONDS.toNanos(10), settings.maxStaleness().toNanos() / 4);
    }

    /** For tests: whether the server's pushes are not heard, from now on. */
    void deafen(boolean on) {
        handshake.deafen(on);
    }

    Settings settings() {
        return settings;
    }

    TimeSource time() {
        return time;
    }

    Releases releases() {
        return releases;
    }

    Leases leases() {
        return leases;
    }

    Invalidations invalidations() {
        return invalidations;
    }

    /** Closes the connections. Caches that still use this store then find it unavailable. Blocks for at most about two seconds. */
    @Override
    public void close() {
        closed = true;
        client.close(); // and so all connections, each once
        routes.close();
    }

    /** Says where the server is, without user and password. */
    @Override
    public String toString() {
        return "RedisSharedStore[" + settings.where() + "]";
    }
}
