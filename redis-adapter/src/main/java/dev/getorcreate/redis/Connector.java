package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Makes links to one server (or to whatever the Sentinels name), one after the other: connects, arms tracking, and only
 * then hands the link out. After a loss it tries again, at first soon and then every second or so, until it is closed.
 */
final class Connector {

    /** Who is told of links, on the connections' threads. */
    interface Hearer {
        /** Nothing has been read over this link yet, and nobody can use it yet. */
        void opening(Link fresh);

        /** It can be used from now on. */
        void opened(Link fresh);

        void lost(Link gone);
    }

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");
    private static final int FIRST_ATTEMPTS = 5;
    static final String TAKEN_OVER = "others took over from its server";

    private final Client client;
    private final Supplier<CompletionStage<RedisURI>> target;
    private final String where;
    private final Handshake handshake;
    private final Hearer hearer;
    private final Outage outage;
    private final Backoff backoff = new Backoff();
    /** Guard: atomic. The link that was handed out, or is about to be, and is not lost yet. */
    private final AtomicReference<@Nullable Link> current = new AtomicReference<>();
    /** Guard: volatile. The one that can be used. */
    private volatile @Nullable Link link;
    /** Guard: volatile. When that was so last. */
    private volatile long linkedAt;
    /** Guard: volatile. */
    private volatile @Nullable Throwable lastError;
    /** Of the server that the last link led to. Written by one attempt at a time. */
    private volatile @Nullable String lastServer;
    /** Guard: volatile; set for good. */
    private volatile boolean closed;
    /** Guard: volatile. */
    private volatile CompletableFuture<?> first = CompletableFuture.completedFuture(null);

    /**
     * A connector.
     *
     * @param target names the server, at each attempt anew
     * @param where names it in messages
     */
    Connector(
            Client client,
            Supplier<CompletionStage<RedisURI>> target,
            String where,
            Handshake handshake,
            Hearer hearer) {
        this.client = client;
        this.target = target;
        this.where = where;
        this.outage = new Outage(where);
        this.handshake = handshake;
        this.hearer = hearer;
    }

    String where() {
        return where;
    }

    /** Whether a link led to another server before, as far as is known. This one is the last from now on. */
    boolean isAnotherServer(String identity) {
        String last = lastServer;
        lastServer = identity;
        return last != null && (last.isEmpty() || !last.equals(identity));
    }

    /** The link; throws if there is none. */
    Link link() {
        Link now = link;
        if (now == null) {
            throw new SharedStoreUnavailableException(where + " is not connected", lastError);
        }
        return now;
    }

    @Nullable
    Link linkOrNull() {
        return link;
    }

    /** Connects for the first time. A refusal is thrown; silence is not: then attempts go on in the background. */
    void startOrRefuse() {
        Throwable error = firstAttempt();
        for (int more = FIRST_ATTEMPTS; more > 1 && mayHideARefusal(error); more--) {
            error = firstAttempt();
        }
        if (error == null) {
            return;
        }
        Throwable refusal = Refusals.in(error);
        if (refusal == null) {
            refusal = TlsMismatch.found(client, target, error);
        }
        if (refusal != null) {
            throw Refusals.error(where, refusal);
        }
        LOG.log(
                System.Logger.Level.WARNING,
                where + " does not answer; starting without it, and trying again: " + Refusals.root(error));
        outage.begin();
        retry();
    }

    private static boolean mayHideARefusal(@Nullable Throwable error) {
        return error != null && Refusals.in(error) == null && !Refusals.isAway(error);
    }

    /** Connects in the background. */
    void start() {
        first = connect();
        var unused = first.whenComplete((fresh, error) -> {
            if (error != null) {
                try {
                    if (!closed && !client.isClosed()) {
                        LOG.log(
                                System.Logger.Level.WARNING,
                                where + " cannot be connected to, and is tried again: " + Refusals.root(error));
                    }
                } finally { // whatever a log's handler throws
                    outage.begin();
                    retry();
                }
            }
        });
    }

    /** How the first attempt of {@link #start} went. */
    CompletableFuture<?> first() {
        return first;
    }

    private @Nullable Throwable firstAttempt() {
        CompletableFuture<Link> attempt = connect();
        try {
            attempt.get(Client.CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
            return null;
        } catch (ExecutionException e) {
            return e;
        } catch (TimeoutException e) {
            attempt.cancel(true);
            return e;
        } catch (InterruptedException e) {
            attempt.cancel(true);
            Thread.currentThread().interrupt();
            return e;
        }
    }

    /** One attempt. A link that comes after the attempt was given up is ended. */
    private CompletableFuture<Link> connect() {
        CompletableFuture<Link> done = new CompletableFuture<>();
        // From a future, so that whatever is thrown on the way fails the attempt, and the next one follows.
        var unused = CompletableFuture.completedFuture(target)
                .thenCompose(Supplier::get)
                .thenCompose(uri -> client.connect(uri).thenCompose(connection -> arm(connection, Cluster.name(uri))))
                .whenComplete((fresh, error) -> {
                    if (error != null) {
                        failed(done, error);
                    } else if (done.isDone()) {
                        fresh.end();
                    } else {
                        handOut(fresh, done);
                    }
                });
        return done;
    }

    private CompletionStage<Link> arm(StatefulRedisConnection<byte[], byte[]> connection, String server) {
        try {
            return handshake.arm(connection, this, server);
        } catch (Throwable e) { // an Error too: each attempt would leave its connection open
            Client.end(connection);
            throw e;
        }
    }

    private void retry() {
        if (!closed) {
            client.after(this::tryAgain, backoff.nextNanos());
        }
    }

    private void tryAgain() {
        if (closed) {
            return;
        }
        CompletableFuture<Link> attempt;
        try {
            attempt = connect();
        } catch (Throwable e) { // an Error too, or this was the last attempt
            attempt = CompletableFuture.failedFuture(e);
        }
        var unused = attempt.whenComplete((fresh, error) -> {
            if (error != null) {
                try {
                    outage.goesOn(error);
                } finally {
                    retry();
                }
            }
        });
    }

    void complainOfSilence() {
        outage.silent();
    }

    private void handOut(Link fresh, CompletableFuture<Link> done) {
        if (!current.compareAndSet(null, fresh)) {
            fresh.end(); // of an attempt that was given up too late
            done.complete(fresh);
            return;
        }
        try {
            hearer.opening(fresh);
            linkedAt = fresh.now();
            link = fresh;
            hearer.opened(fresh);
            outage.end();
            fresh.onLoss(gone -> lost(gone, null));
            done.complete(fresh);
            if (fresh.isLost()) { // disbelieved meanwhile, when nobody could find it to give it up
                giveUp(fresh, TAKEN_OVER);
            }
        } catch (Throwable e) { // an Error too, or nothing would follow this attempt
            link = null;
            current.compareAndSet(fresh, null);
            try {
                fresh.end();
            } finally {
                failed(done, e);
            }
        }
        if (closed || client.isClosed()) {
            close();
        }
    }

    private void failed(CompletableFuture<Link> attempt, Throwable error) {
        lastError = error;
        attempt.completeExceptionally(error);
    }

    /** Whether the caller is the first to learn of it. */
    private boolean lost(Link gone, @Nullable Throwable cause) {
        if (!current.compareAndSet(gone, null)) {
            return false;
        }
        link = null;
        lastError = cause == null ? new SharedStoreUnavailableException("the connection was closed", null) : cause;
        try {
            gone.end();
            backoff.lost(gone.usedSince(linkedAt));
            hearer.lost(gone);
            if (cause == null && !closed && !client.isClosed()) {
                outage.lost();
            } else {
                outage.begin();
            }
        } finally {
            retry();
        }
        return true;
    }

    /** Nothing that is answered over its link counts from now on, also if that is just being handed out. */
    void disbelieve() {
        Link now = current.get();
        if (now != null) {
            now.disbelieve();
        }
    }

    /** A link of no use any more, though its connection was not reported lost. */
    void giveUp(Link useless, String why) {
        if (lost(useless, new SharedStoreUnavailableException(why, null))) {
            LOG.log(System.Logger.Level.WARNING, where + ": giving the connection up, " + why);
        }
    }

    boolean isClosed() {
        return closed;
    }

    /** Ends the link and all attempts. */
    void close() {
        closed = true;
        Link now = current.get();
        if (now != null) {
            lost(now, new IllegalStateException("closed"));
        }
    }
}
