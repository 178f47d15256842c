package dev.getorcreate.redis;

import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.sentinel.api.StatefulRedisSentinelConnection;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** Asks Sentinels which server is the upstream: one of them for as long as its answers lead to it, then the next. */
final class Sentinels implements AutoCloseable {

    private final Client client;
    private final RedisURI named;
    private final List<RedisURI> sentinels;
    /** Guard: atomic. Which one is asked. */
    private final AtomicInteger turn = new AtomicInteger();
    /** Guard: volatile; written under this. To the one that answered last. */
    private volatile @Nullable StatefulRedisSentinelConnection<String, String> connection;

    Sentinels(Client client, RedisURI named) {
        this.client = client;
        this.named = named;
        this.sentinels = named.getSentinels();
    }

    /** The upstream's address, with the user, password, TLS and database of the URI that names the Sentinels. */
    CompletionStage<RedisURI> upstream() {
        return ask(sentinels.size());
    }

    private CompletionStage<RedisURI> ask(int more) {
        return askOne().handle((uri, error) -> {
                    if (error == null) {
                        return CompletableFuture.completedStage(uri);
                    }
                    next();
                    return more > 1 ? ask(more - 1) : CompletableFuture.<RedisURI>failedStage(error);
                })
                .thenCompose(Function.identity());
    }

    private CompletionStage<RedisURI> askOne() {
        return Client.inTime(
                        connected().thenCompose(open -> open.async().getMasterAddrByName(named.getSentinelMasterId())))
                .thenApply(this::at);
    }

    /** As {@link #upstream}, of another one. */
    CompletionStage<RedisURI> another() {
        next();
        return upstream();
    }

    /**
     * Whether most of those that there are name another server than this one. The one that is asked now does, and may be
     * cut off; afterwards it is the one that is asked, if they agree with it.
     */
    CompletionStage<Boolean> outvote(String server) {
        int first = turn.get();
        return outvote(server, 1, sentinels.size() - 1).thenApply(most -> {
            if (most) {
                turn.set(first);
                close();
            }
            return most;
        });
    }

    private CompletionStage<Boolean> outvote(String server, int against, int left) {
        int half = sentinels.size() / 2;
        if (against > half || against + left <= half) {
            return CompletableFuture.completedStage(against > half);
        }
        next();
        return askOne().handle(
                        (uri, error) -> error == null && !Cluster.name(uri).equals(server) ? 1 : 0)
                .thenCompose(vote -> outvote(server, against + vote, left - 1));
    }

    private CompletionStage<StatefulRedisSentinelConnection<String, String>> connected() {
        StatefulRedisSentinelConnection<String, String> open = connection;
        if (open != null && open.isOpen()) {
            return CompletableFuture.completedStage(open);
        }
        int asked = turn.get();
        RedisURI sentinel = sentinels.get(Math.floorMod(asked, sentinels.size()));
        return client.connectSentinel(sentinel).whenComplete((fresh, error) -> {
            if (error != null) {
                return;
            }
            if (turn.get() == asked) {
                keep(fresh);
            } else {
                Client.end(fresh); // too late: it is another one's turn, and would be taken for that
            }
            if (client.isClosed()) {
                close();
            }
        });
    }

    /** Two may be made at once, or one come late: the former is closed. */
    private synchronized void keep(@Nullable StatefulRedisSentinelConnection<String, String> fresh) {
        StatefulRedisSentinelConnection<String, String> former = connection;
        connection = fresh;
        if (former != null) {
            Client.end(former);
        }
    }

    /** Another one is asked from now on. */
    void next() {
        turn.incrementAndGet();
        close();
    }

    private RedisURI at(@Nullable SocketAddress address) {
        if (!(address instanceof InetSocketAddress upstream)) {
            throw new RedisCommandExecutionException(
                    "the Sentinels know no upstream named '" + named.getSentinelMasterId() + "'");
        }
        RedisURI uri = RedisURI.builder()
                .withHost(upstream.getHostString())
                .withPort(upstream.getPort())
                .withTimeout(Client.CONNECT_TIMEOUT)
                .build();
        uri.applyAuthentication(named);
        uri.applySsl(named);
        uri.setDatabase(named.getDatabase());
        uri.setClientName(named.getClientName());
        return uri;
    }

    @Override
    public void close() {
        keep(null);
    }
}
