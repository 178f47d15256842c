package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Vouch;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisCommandExecutionException;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.RedisException;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis, from its tracking being armed to its loss: one epoch. It never reconnects (a new link does),
 * so a command is never sent twice and a reply of another epoch does not exist.
 */
final class Link {

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Connector home;
    private final String name;
    private final Tracking tracking;
    private final Settings settings;
    private final TimeSource time;
    /** Guard: volatile; set for good, before the link is handed out. The server tells of no changes. */
    private volatile boolean untracked;
    /** Guard: volatile; set for good, before the link is handed out. */
    private volatile ServerInfo server = ServerInfo.UNKNOWN;
    /** Guard: volatile; set before the link is handed out. Where a key is that this server has not. */
    private volatile BiConsumer<Reply<?>, String> redirect = Link::refuse;
    /** Guard: volatile; set for good, after {@link #lostAt}. */
    private volatile boolean lost;
    /** Read behind {@link #lost}. */
    private long lostAt;

    private final Pulse pulse;

    Link(
            StatefulRedisConnection<byte[], byte[]> connection,
            Connector home,
            String name,
            Tracking tracking,
            Settings settings,
            TimeSource time) {
        this.connection = connection;
        this.home = home;
        this.name = name;
        this.tracking = tracking;
        this.settings = settings;
        this.time = time;
        this.pulse = new Pulse(this, tracking, settings, time);
    }

    /** Calls back once when the connection is lost; at once if it is lost already. */
    void onLoss(Consumer<Link> told) {
        connection.addListener(new RedisConnectionStateListener() {
            @Override
            public void onRedisDisconnected(RedisChannelHandler<?, ?> handler) {
                told.accept(Link.this);
            }
        });
        if (!connection.isOpen()) {
            told.accept(this);
        }
    }

    /** The word of a space under which the answer to a request written now may be kept. */
    Vouch word(Tracking.Ground ground) {
        Vouch word = tracking.word(ground);
        if (word != null) {
            return word;
        }
        Vouch brief = new Vouch(Math.min(time.nanoTime(), ground.provenAt())
                + settings.maxStaleness().toNanos());
        if (!untracked) {
            brief.end(); // tracked, but lost
        }
        return brief;
    }

    void untracked() {
        untracked = true;
    }

    boolean isUntracked() {
        return untracked;
    }

    void describe(ServerInfo info) {
        server = info;
    }

    ServerInfo server() {
        return server;
    }

    long now() {
        return time.nanoTime();
    }

    String where() {
        return home.where();
    }

    /** The {@code host:port} of the server that it leads to. */
    String name() {
        return name;
    }

    String host() {
        return name.substring(0, name.lastIndexOf(':'));
    }

    Connector home() {
        return home;
    }

    void redirects(BiConsumer<Reply<?>, String> redirecting) {
        redirect = redirecting;
    }

    private static void refuse(Reply<?> reply, String where) {
        reply.completeExceptionally(new RedisCommandExecutionException(
                where + " (this is a node of a Redis Cluster: name it by RedisSharedStore.cluster)"));
    }

    /** On the connection's thread: the server says that somebody else has the key. */
    void redirect(Reply<?> reply, String where) {
        reply.hop(where, time.nanoTime());
        redirect.accept(reply, where);
    }

    /** Sends. The reply completes, whatever happens, at the latest when the link is lost. */
    void send(Reply<?> command) {
        command.sending(this);
        try {
            connection.dispatch(command);
        } catch (Throwable e) {
            unsent(command, e);
            throw e;
        }
    }

    /** An Error, of a deep stack for instance: what was noted as under way is not. */
    private static void unsent(Reply<?> command, Throwable e) {
        command.completeExceptionally(new RedisException("it could not be sent", e));
    }

    /** Sends in one flush and in this order. */
    void send(Reply<?> first, Reply<?> second) {
        send(List.of(first, second));
    }

    /** Sends in one flush and in this order. */
    void send(List<? extends Reply<?>> commands) {
        commands.forEach(command -> command.sending(this));
        try {
            connection.dispatch(commands);
        } catch (Throwable e) {
            commands.forEach(command -> unsent(command, e));
            throw e;
        }
    }

    /** Fails at once where an answer is not to be expected. */
    void requireAnswering() {
        if (!isAnswering()) {
            throw new SharedStoreUnavailableException(
                    where() + (lost ? " is not connected" : " stopped answering; asking again once a PING is answered"),
                    null);
        }
    }

    /**
     * Waits for the reply, for at most the command time-out; an interrupt does not end it, and stays set.
     *
     * @throws SharedStoreUnavailableException if there is none in time, or it is an error
     */
    <T> @Nullable T await(CompletableFuture<T> reply) {
        return await(reply, time.nanoTime());
    }

    /** As {@link #await}; the time-out counts from when it was sent. */
    <T> @Nullable T await(CompletableFuture<T> reply, long sentAt) {
        return await(reply, true, sentAt);
    }

    /** As {@link #await}; the reply is still heard when it comes too late for this wait. */
    <T> @Nullable T awaitWithoutEnding(Reply<T> reply) {
        return await(reply, false, time.nanoTime());
    }

    private <T> @Nullable T await(CompletableFuture<T> reply, boolean ending, long sentAt) {
        long timeout = settings.commandTimeout().toNanos();
        long until = sentAt + timeout;
        if (!isDone(reply, until)) {
            if (ending) {
                reply.cancel(true);
            }
            throw late(reply, until - timeout / 2);
        }
        try {
            return reply.join();
        } catch (CancellationException e) {
            throw new SharedStoreUnavailableException(where() + " lost the connection", e);
        } catch (CompletionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            if (String.valueOf(cause.getMessage()).contains("READONLY ")) {
                overWhich(reply).demoted();
            }
            throw new SharedStoreUnavailableException(where() + " failed: " + cause.getMessage(), cause);
        }
    }

    private boolean isDone(CompletableFuture<?> reply, long until) {
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    return time.await(reply, until);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** The error where a reply is overdue that nobody waits for by {@link #await}. */
    SharedStoreUnavailableException late(Reply<?> reply) {
        return late(reply, time.nanoTime() - settings.commandTimeout().toNanos() / 2);
    }

    private SharedStoreUnavailableException late(CompletableFuture<?> reply, long lately) {
        Link over = overWhich(reply);
        Reply<?> sent = sent(reply);
        if (sent != null && sent.isHeldBack()) {
            return new SharedStoreUnavailableException(over.where() + " answered; what followed is under way", null);
        }
        String round = sent == null ? null : sent.goingRound(lately);
        return round == null ? over.timedOut() : new SharedStoreUnavailableException(over.where() + ' ' + round, null);
    }

    /** It may have been sent on elsewhere. */
    private Link overWhich(CompletableFuture<?> reply) {
        Reply<?> sent = sent(reply);
        Link last = sent == null ? null : sent.link();
        return last == null ? this : last;
    }

    /** The command whose answer completes it; null where that is not known. */
    private static @Nullable Reply<?> sent(CompletableFuture<?> awaited) {
        if (awaited instanceof Generations.Learning learning) {
            return learning.asked();
        }
        return awaited instanceof Reply<?> reply ? reply : null;
    }

    /** The server says that it is a replica: reads and writes go to the upstream. */
    void demoted() {
        giveUp("its server became a replica");
    }

    /** What it showed is believed no more, whether it was handed out yet or not. */
    void giveUp(String why) {
        try {
            home.giveUp(this, why);
        } finally {
            end();
        }
    }

    /** A request was not answered in time: nothing more is asked until a PING is answered. */
    SharedStoreUnavailableException timedOut() {
        if (pulse.doubt()) {
            home.complainOfSilence();
        }
        return new SharedStoreUnavailableException(
                where() + " did not answer within " + settings.commandTimeout()
                        + " (commandTimeout): it is slow or cut off, or this JVM was paused",
                null);
    }

    /** Whether its server answers. */
    Pulse pulse() {
        return pulse;
    }

    boolean isAnswering() {
        return !lost && !pulse.isSuspect();
    }

    Tracking tracking() {
        return tracking;
    }

    boolean isLost() {
        return lost;
    }

    /** How long after this moment the link could still be used, as far as is known now. */
    long usedSince(long moment) {
        return (lost ? lostAt : time.nanoTime()) - moment;
    }

    /** What its server says counts no more; the connection is still to be ended, and nobody was told. */
    void disbelieve() {
        if (!lost) {
            lostAt = time.nanoTime();
            lost = true;
        }
        tracking.lost();
    }

    /** Ends it: entries read through it are served no more. */
    void end() {
        disbelieve();
        Client.end(connection);
    }
}
