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
    static final Duration POLL_EVERY = Duration.ofMillis(250);

    private final @Nullable AbstractRedisClient client;
    private final boolean clustered;
    private final List<RedisURI> uris;
    private Duration commandTimeout = Duration.ofMillis(250);
    private Duration maxStaleness = Duration.ofSeconds(2);
    private Duration pollEvery = POLL_EVERY;
    private int maxPending = MAX_PENDING;
    private int maxPayload = 1 << 20;
    private int compressAbove = Settings.NEVER_COMPRESS;
    private boolean trackingRequired;

    RedisSharedStoreBuilder(@Nullable AbstractRedisClient client, boolean clustered, List<RedisURI> uris) {
        this.client = client;
        this.clustered = clustered;
        this.uris = uris.stream().map(uri -> Uris.checked(uri, clustered)).toList();
        if (uris.isEmpty()) {
            throw new IllegalArgumentException("name at least one node of the Redis Cluster");
        }
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

    /**
     * How many invalidations of keys, of all caches of this store together, are kept for a Redis that is away. Past that
     * nothing is lost: the next key's whole cache is invalidated instead. Those whose callers still wait do not count. As
     * many confirmed ones are remembered for some seconds, for a failover. Default 10 000.
     */
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

    /**
     * Refuses a server that does not tell this client of changes (RESP3 and {@code CLIENT TRACKING}): without an ACL
     * right, behind a proxy, or with some managed services. By default it is used all the same, local entries then live
     * for at most {@code maxStaleness}, and a warning is logged. A server that is away when the store is built, and then
     * turns out to be of that kind, is never used.
     */
    public RedisSharedStoreBuilder requireTracking() {
        this.trackingRequired = true;
        return this;
    }

    /** For tests: how often a waiter looks although it was told of no change. */
    RedisSharedStoreBuilder pollEvery(Duration duration) {
        this.pollEvery = duration;
        return this;
    }

    /**
     * Connects. A server that merely does not answer is no error: the store then connects in the background. Blocks for at
     * most 2 s where nobody answers, and 2 s more where it takes the connection and is to speak TLS. A server that breaks
     * each attempt off is tried five times: about 14 s at most. On a Cluster each node that is named and does not answer takes 2 s,
     * or 4, before the next is asked, and the nodes of the one that does are waited for 2 s together.
     *
     * @throws IllegalArgumentException if a setting is absurd, or the server refuses what it says (password, TLS,
     *     database, version, {@link #requireTracking}); it names the setting. Whether the user may do what a cache needs
     *     shows when the cache is built
     */
    public RedisSharedStore build() {
        Settings settings = new Settings(
                where(), commandTimeout, maxStaleness, maxPayload, compressAbove, pollEvery, trackingRequired);
        RedisSharedStore store = new RedisSharedStore(new Client(client), uris, clustered, settings, maxPending);
        try {
            store.start();
            return store;
        } catch (Throwable e) { // an Error too, or its threads would go on without anybody to end them
            store.close();
            throw e;
        }
    }

    private String where() {
        RedisURI first = uris.get(0);
        if (clustered) {
            return "the Redis Cluster at " + Cluster.name(first);
        }
        return Uris.isEmpty(first.getHost())
                ? "Redis '" + first.getSentinelMasterId() + "' behind Sentinels"
                : "Redis at " + Cluster.name(first);
    }
}
