package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.Objects;

/** Builds a {@link RedisSharedStore}. Not safe for use by several threads. */
public final class RedisSharedStoreBuilder {

    private static final int MAX_PENDING = 10_000;
    /** Only a net: changes are told by the server. */
    private static final Duration POLL_EVERY = Duration.ofMillis(250);

    private final RedisURI uri;
    private Duration commandTimeout = Duration.ofMillis(250);
    private Duration maxStaleness = Duration.ofSeconds(2);
    private Duration pollEvery = POLL_EVERY;
    private int maxPending = MAX_PENDING;

    RedisSharedStoreBuilder(String uri) {
        Objects.requireNonNull(uri, "uri");
        try {
            this.uri = RedisURI.create(uri);
        } catch (RuntimeException e) {
            // Its message may quote the password.
            throw new IllegalArgumentException(
                    "the Redis URI is malformed; it must look like redis://user:password@host:6379/0 or"
                            + " rediss://host:6380");
        }
        if (this.uri.getHost() == null || this.uri.getHost().isEmpty()) {
            throw new IllegalArgumentException("the Redis URI must name one host: a standalone server");
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

    /** How many invalidations are kept for a Redis that is away. Default 10 000. */
    public RedisSharedStoreBuilder maxPendingInvalidations(int keys) {
        if (keys < 1) {
            throw new IllegalArgumentException("maxPendingInvalidations must be at least 1, not " + keys);
        }
        this.maxPending = keys;
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
        String where = "Redis at " + uri.getHost() + ":" + uri.getPort();
        Settings settings = new Settings(where, commandTimeout, maxStaleness, pollEvery);
        TimeSource time = TimeSource.system();
        Connector connector = new Connector(uri, settings, time);
        RedisSharedStore store = new RedisSharedStore(connector, settings, maxPending, time);
        connector.tells(store::pushed);
        try {
            store.start();
            return store;
        } catch (RuntimeException e) {
            store.close();
            throw e;
        }
    }
}
