package dev.getorcreate.redis;

import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** Builds a {@link RedisSharedStore}. Not safe for use by several threads. */
public final class RedisSharedStoreBuilder {

    private static final int MAX_PENDING = 10_000;
    /** Only a net: changes are told by the server. */
    private static final Duration POLL_EVERY = Duration.ofMillis(250);

    private final @Nullable AbstractRedisClient client;
    private final boolean clustered;
    private final List<RedisURI> uris;
    private Duration commandTimeout = Duration.ofMillis(250);
    private Duration maxStaleness = Duration.ofSeconds(2);
    private Duration pollEvery = POLL_EVERY;
    private int maxPending = MAX_PENDING;
    private int maxPayload = 1 << 20;
    private int compressAbove = Settings.NEVER_COMPRESS;

    RedisSharedStoreBuilder(@Nullable AbstractRedisClient client, boolean clustered, List<RedisURI> uris) {
        this.client = client;
        this.clustered = clustered;
        this.uris = uris.stream().map(RedisSharedStoreBuilder::inTime).toList();
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("name at least one node of the Redis Cluster");
        }
        if (clustered && uris.stream().anyMatch(uri -> isEmpty(uri.getHost()))) {
            throw new IllegalArgumentException("a node of a Redis Cluster is named by redis://host:port");
        }
    }

    /** A copy with our own time-out for handshakes. */
    private static RedisURI inTime(RedisURI uri) {
        RedisURI copy = uri.getSentinels().isEmpty() ? RedisURI.builder(uri).build() : sentinels(uri);
        copy.setTimeout(Client.CONNECT_TIMEOUT);
        return copy;
    }

    /** Lettuce's own copy leaves the Sentinels out. */
    private static RedisURI sentinels(RedisURI uri) {
        RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId(uri.getSentinelMasterId());
        for (RedisURI sentinel : uri.getSentinels()) {
            builder.withSentinel(inTime(sentinel));
        }
        RedisURI copy = builder.build();
        copy.applyAuthentication(uri);
        copy.applySsl(uri);
        copy.setDatabase(uri.getDatabase());
        copy.setClientName(uri.getClientName());
        return copy;
    }

    static RedisURI parsed(String text) {
        Objects.requireNonNull(text, "uri");
        RedisURI uri;
        try {
            uri = RedisURI.create(text);
        } catch (RuntimeException e) {
            // Its message may quote the password.
            throw new IllegalArgumentException(
                    "the Redis URI is malformed; it must look like redis://user:password@host:6379/0,"
                            + " rediss://host:6380 or redis-sentinel://host:26379,host:26379#name");
        }
        if (isEmpty(uri.getHost()) && uri.getSentinels().isEmpty()) {
            throw new IllegalArgumentException("the Redis URI must name a host");
        }
        return uri;
    }

    private static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }

    /** How long one command may take before the caller goes on without Redis. Default 250 ms. */
    public RedisSharedStoreBuilder commandTimeout(Duration duration) {
        this.commandTimeout = Objects.requireNonNull(duration, "duration");
        return this;
    }

    /**
     * How long after another process's confirmed invalidation a local entry may still be served, at worst: when a
     * connection died without saying so, or this process was stopped. Default 2 s; a PING is sent every quarter of it.
     */
    public RedisSharedStoreBuilder maxStaleness(Duration duration) {
        this.maxStaleness = Objects.requireNonNull(duration, "duration");
        return this;
    }

    /** How many invalidations are kept for a Redis that is away. Default 10 000. */
    public RedisSharedStoreBuilder maxPendingInvalidations(int keys) {
        if (keys < 1) {
            throw new IllegalArgumentException("maxPendingInvalidations must be at least 1, not " + keys);
        }
        this.maxPending = keys;
        return this;
    }

    /**
     * How many bytes a record may have in Redis: the payload, compressed if it is to be, and some 50 to 100 bytes that
     * stand before it. A larger one is returned to its callers, but cached neither in Redis nor in the process; it is
     * counted, and said once per cache in the log. From 1 KiB to 512 MiB. Default 1 MiB.
     */
    public RedisSharedStoreBuilder maxPayload(int bytes) {
        this.maxPayload = bytes;
        return this;
    }

    /**
     * Compresses payloads that are longer than this, where that makes them smaller; those of more than 64 MiB never. Every
     * process can read them, whatever its own setting. Default: nothing is compressed.
     */
    public RedisSharedStoreBuilder compressAbove(int bytes) {
        this.compressAbove = bytes;
        return this;
    }

    /** For tests: how often a waiter looks although it was told of no change. */
    RedisSharedStoreBuilder pollEvery(Duration duration) {
        this.pollEvery = duration;
        return this;
    }

    /**
     * Connects. A server that merely does not answer is no error: the store then connects in the background.
     *
     * @throws IllegalArgumentException if a setting is absurd, or the server refuses what it says (password, rights,
     *     version); it names the setting
     */
    public RedisSharedStore build() {
        Settings settings = new Settings(where(), commandTimeout, maxStaleness, maxPayload, compressAbove, pollEvery);
        RedisSharedStore store = new RedisSharedStore(new Client(client), uris, clustered, settings, maxPending);
        try {
            store.start();
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }

    private String where() {
        RedisURI first = uris.get(0);
        if (clustered) {
            return "the Redis Cluster at " + Cluster.name(first);
        }
        return isEmpty(first.getHost())
                ? "Redis '" + first.getSentinelMasterId() + "' behind Sentinels"
                : "Redis at " + Cluster.name(first);
    }
}
