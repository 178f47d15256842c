package dev.getorcreate.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisException;
import io.netty.handler.ssl.SslClosedEngineException;
import io.netty.handler.ssl.SslHandshakeTimeoutException;
import java.io.IOException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.List;
import java.util.concurrent.TimeoutException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/** Tells wrong configuration, which is refused at the start, from a server that is merely away. */
final class Refusals {

    /** Errors that pass by themselves; any other refusal while connecting is wrong configuration. */
    private static final List<String> PASSING = List.of("LOADING", "BUSY", "MASTERDOWN", "TRYAGAIN", "ERR max number");

    private Refusals() {}

    /** What in a failed attempt says that the configuration is wrong, rather than that the server is away. */
    static @Nullable Throwable in(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            String message = String.valueOf(cause.getMessage());
            boolean refused = cause instanceof RedisCommandExecutionException
                    && PASSING.stream().noneMatch(message::startsWith);
            if (refused || (cause instanceof SSLException && !isSilence(cause))) {
                return cause;
            }
        }
        return null;
    }

    /** In mid-handshake the peer hung up, as a proxy does whose server is away, or said nothing. */
    private static boolean isSilence(Throwable handshake) {
        Throwable transport = handshake.getCause();
        if (transport instanceof IOException && !(transport instanceof SSLException)) {
            return true;
        }
        return handshake instanceof SslHandshakeTimeoutException
                || handshake instanceof SslClosedEngineException
                || String.valueOf(handshake.getMessage()).startsWith("Connection closed while");
    }

    /** Nobody there. Other errors may hide a refusal: the client can lose it when the connection closes meanwhile. */
    static boolean isAway(Throwable error) {
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

    /** Whether it may have come instead of a reply, of which the client says nothing more; a connection that ends says so. */
    static boolean isOfReading(Throwable error) {
        return !(error instanceof RedisException || error instanceof IOException);
    }

    /** The error that this reply is, if it is one that the server doesn't know the script. */
    static boolean isNoScript(@Nullable Throwable error) {
        return error != null && String.valueOf(error.getMessage()).startsWith("NOSCRIPT");
    }

    /** Whether the error says that the key is no string. A script's error quotes it, on Redis 6.2 within its own. */
    static boolean isWrongType(@Nullable Throwable error) {
        return error != null && String.valueOf(error.getMessage()).contains("WRONGTYPE ");
    }

    /** What the caller of {@code build} is told. */
    static IllegalArgumentException error(String where, Throwable refusal) {
        String told = String.valueOf(refusal.getMessage());
        return new IllegalArgumentException(
                where + " refuses the connection: " + told
                        + (told.contains("cluster support disabled")
                                ? " (it is no Redis Cluster: name it by RedisSharedStore.builder)"
                                : " (check user, password, TLS, database and rights in the Redis URI)"),
                refusal);
    }

    static Throwable root(Throwable error) {
        Throwable root = error;
        while (root.getCause() != null) {
            root = root.getCause();
        }
        return root;
    }
}
