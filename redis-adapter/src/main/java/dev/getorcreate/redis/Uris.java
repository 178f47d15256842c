package dev.getorcreate.redis;

import io.lettuce.core.RedisURI;
import java.util.Objects;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What a user named a server by: checked, since a client takes much for a host's name that is none. */
final class Uris {

    private static final String LIKE = "; it must look like redis://user:password@host:6379/0, rediss://host:6380 or"
            + " redis-sentinel://host:26379,host:26379#name";
    /** Underscores too: they are no part of a host's name, and in use. Colons only in an IPv6 address. */
    private static final Pattern HOST = Pattern.compile("[\\p{Alnum}._-]+|\\[?[\\p{XDigit}:.%]*:[\\p{XDigit}:.%]*:.*");

    private static final Pattern PORT_ZERO = Pattern.compile("[^#?]*:0+([/?#].*)?");

    private Uris() {}

    /**
     * Reads a URI.
     *
     * @throws IllegalArgumentException if it is malformed; it says where, and quotes nothing, since that may be a password
     */
    static RedisURI parsed(String text) {
        Objects.requireNonNull(text, "uri");
        RedisURI uri;
        try {
            uri = RedisURI.create(text);
        } catch (RuntimeException e) {
            throw new IllegalArgumentException("the Redis URI is malformed" + where(e) + LIKE);
        }
        if (PORT_ZERO.matcher(text).matches()) {
            throw new IllegalArgumentException("the Redis URI is malformed (its port)" + LIKE);
        }
        return uri;
    }

    private static String where(RuntimeException error) {
        String message = String.valueOf(error.getMessage());
        if (error instanceof NumberFormatException || message.contains("database number")) {
            return " (its database number)";
        }
        return message.contains("cheme") ? " (its scheme)" : message.contains("Port") ? " (its port)" : "";
    }

    /**
     * A copy with our own time-out for handshakes.
     *
     * @throws IllegalArgumentException if it names no server, or a database that a cluster does not have
     */
    static RedisURI checked(RedisURI uri, boolean clustered) {
        Objects.requireNonNull(uri, "uri");
        if (clustered && isEmpty(uri.getHost())) {
            throw new IllegalArgumentException("a node of a Redis Cluster is named by redis://host:port");
        }
        if (clustered && uri.getDatabase() != 0) {
            throw new IllegalArgumentException(
                    "the Redis URI names database " + uri.getDatabase() + ", and a Redis Cluster has only database 0");
        }
        RedisURI copy;
        if (uri.getSentinels().isEmpty()) {
            requireHost(uri);
            copy = RedisURI.builder(uri).build();
        } else {
            uri.getSentinels().forEach(Uris::requireHost);
            copy = sentinels(uri);
        }
        copy.setTimeout(Client.CONNECT_TIMEOUT);
        return copy;
    }

    private static void requireHost(RedisURI uri) {
        String host = uri.getHost();
        if (isEmpty(host)) {
            throw new IllegalArgumentException("the Redis URI must name a host");
        }
        if (!HOST.matcher(host).matches()) {
            throw new IllegalArgumentException("the Redis URI is malformed (its host or port, or a special character in"
                    + " its user or password that must be written like %40)" + LIKE
                    + ". Only RedisURI.builder() takes a host with an underscore together with a port");
        }
    }

    /** Lettuce's own copy leaves the Sentinels out. */
    private static RedisURI sentinels(RedisURI uri) {
        RedisURI.Builder builder = RedisURI.builder().withSentinelMasterId(uri.getSentinelMasterId());
        for (RedisURI sentinel : uri.getSentinels()) {
            RedisURI copy = RedisURI.builder(sentinel).build();
            copy.setTimeout(Client.CONNECT_TIMEOUT);
            builder.withSentinel(copy);
        }
        RedisURI copy = builder.build();
        copy.applyAuthentication(uri);
        copy.applySsl(uri);
        copy.setDatabase(uri.getDatabase());
        copy.setClientName(uri.getClientName());
        return copy;
    }

    static boolean isEmpty(@Nullable String text) {
        return text == null || text.isEmpty();
    }
}
