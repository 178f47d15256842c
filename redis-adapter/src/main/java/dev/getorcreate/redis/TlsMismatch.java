package dev.getorcreate.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.netty.handler.ssl.NotSslRecordException;
import java.net.ConnectException;
import java.net.UnknownHostException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * TLS spoken to a plain port, or the other way round: both sides wait or hang up, and what is seen of it here looks like
 * a server that is away. So where one took the connection and did not answer, the other way is tried once.
 */
final class TlsMismatch {

    private TlsMismatch() {}

    /**
     * What is to be changed, or null. Blocks for at most the connect time-out.
     *
     * @param error how the connection failed
     */
    static @Nullable RedisCommandExecutionException found(
            Client client, Supplier<CompletionStage<RedisURI>> target, Throwable error) {
        if (isNobodyThere(error)) {
            return null;
        }
        try {
            return CompletableFuture.completedFuture(target)
                    .thenCompose(Supplier::get)
                    .thenCompose(uri -> found(client, uri, error))
                    .get(Client.CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
            return null;
        } catch (ExecutionException | TimeoutException e) {
            return null;
        }
    }

    private static CompletionStage<@Nullable RedisCommandExecutionException> found(
            Client client, RedisURI uri, Throwable error) {
        if (!uri.isSsl() && Refusals.isAway(error)) {
            return CompletableFuture.completedStage(null); // a port with TLS hangs up at once
        }
        // Without user and password: they are not for a network without TLS, nor for a peer that is not verified.
        RedisURI other = RedisURI.builder()
                .withHost(uri.getHost())
                .withPort(uri.getPort())
                .withSsl(!uri.isSsl())
                .withVerifyPeer(false)
                .withTimeout(Client.CONNECT_TIMEOUT)
                .build();
        return client.connect(other).handle((connection, refused) -> {
            if (connection != null) {
                var unused = connection.closeAsync();
            } else if (!isAnswer(refused)) {
                return null;
            }
            return new RedisCommandExecutionException(
                    uri.isSsl()
                            ? "it does not speak TLS on this port: name it by redis://, or its TLS port"
                            : "it speaks TLS on this port: name it by rediss://, or its plain port");
        });
    }

    private static boolean isNobodyThere(Throwable error) {
        for (Throwable cause = error; cause != null; cause = cause.getCause()) {
            if (cause instanceof ConnectException || cause instanceof UnknownHostException) {
                return true;
            }
        }
        return false;
    }

    /** Whether a Redis, or a peer that speaks TLS, said no; rather than nothing, or something else. */
    private static boolean isAnswer(Throwable refused) {
        for (Throwable cause = refused; cause != null; cause = cause.getCause()) {
            boolean alert = cause instanceof SSLException
                    && !(cause instanceof NotSslRecordException)
                    && String.valueOf(cause.getMessage()).contains("alert");
            if (alert || cause instanceof RedisCommandExecutionException) {
                return true;
            }
        }
        return false;
    }
}
