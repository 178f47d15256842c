package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Vouch;
import io.lettuce.core.RedisChannelHandler;
import io.lettuce.core.RedisConnectionStateListener;
import io.lettuce.core.api.StatefulRedisConnection;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One connection to Redis, from its tracking being armed to its loss: one epoch. It never reconnects (a new link does),
 * so a command is never sent twice and a reply of another epoch does not exist.
 */
final class Link {

    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Tracking tracking;
    private final Settings settings;
    private final TimeSource time;
    /** Guard: volatile; set for good, before the link is handed out. The server tells of no changes. */
    private volatile boolean untracked;
    /** Guard: volatile; set for good. */
    private volatile boolean lost;
    /** Guard: volatile. A command timed out; nothing more is asked until a PING is answered. */
    private volatile boolean suspect;
    /** Guard: volatile; written on the connection's thread. When the newest answered PING was sent. */
    private volatile long aliveAt;

    Link(StatefulRedisConnection<byte[], byte[]> connection, Tracking tracking, Settings settings, TimeSource time) {
        this.connection = connection;
        this.tracking = tracking;
        this.settings = settings;
        this.time = time;
        this.aliveAt = time.nanoTime();
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

    /** The word under which the answer to a request written now may be kept. */
    Vouch word() {
        Vouch word = tracking.word();
        if (word != null) {
            return word;
        }
        Vouch brief = new Vouch(time.nanoTime() + settings.maxStaleness().toNanos());
        if (!untracked) {
            brief.end(); // tracked, but lost
        }
        return brief;
    }

    void untracked() {
        untracked = true;
    }

    /** Sends. The reply completes, whatever happens, at the latest when the link is lost. */
    void send(Reply<?> command) {
        connection.dispatch(command);
    }

    /** Sends in one flush and in this order. */
    void send(Reply<?> first, Reply<?> second) {
        connection.dispatch(List.of(first, second));
    }

    /** Sends in one flush and in this order. */
    void send(List<Reply<Long>> commands) {
        connection.dispatch(commands);
    }

    /** Fails at once where an answer is not to be expected. */
    void requireAnswering() {
        if (lost || suspect) {
            throw new SharedStoreUnavailableException(
                    settings.where()
                            + (lost
                                    ? " is not connected"
                                    : " stopped answering; asking again once a PING is" + " answered"),
                    null);
        }
    }

    /**
     * Waits for the reply, for at most the command time-out; an interrupt does not end it, and stays set.
     *
     * @throws SharedStoreUnavailableException if there is none in time, or it is an error
     */
    <T> @Nullable T await(Reply<T> reply) {
        boolean interrupted = false;
        long until = time.nanoTime() + settings.commandTimeout().toNanos();
        try {
            while (true) {
                try {
                    return reply.get(Math.max(0, until - time.nanoTime()), TimeUnit.NANOSECONDS);
                } catch (InterruptedException e) {
                    interrupted = true;
                }
            }
        } catch (TimeoutException e) {
            suspect();
            reply.cancel(true);
            throw new SharedStoreUnavailableException(
                    settings.where() + " did not answer within " + settings.commandTimeout() + " (commandTimeout)", e);
        } catch (CancellationException e) {
            throw new SharedStoreUnavailableException(settings.where() + " lost the connection", e);
        } catch (ExecutionException e) {
            Throwable cause = e.getCause() == null ? e : e.getCause();
            throw new SharedStoreUnavailableException(settings.where() + " failed: " + cause.getMessage(), cause);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    private void suspect() {
        suspect = true;
        ping(() -> {});
    }

    /** Asks whether the connection still lives. */
    void ping(Runnable answered) {
        long sentAt = time.nanoTime();
        send(Reply.ping(output -> {
            if (!output.hasError()) {
                aliveAt = Math.max(aliveAt, sentAt);
                tracking.pong(sentAt);
                suspect = false;
                answered.run();
            }
        }));
    }

    /** Whether no PING was answered for so long that the connection must be given up. */
    boolean isSilent() {
        Duration patience = settings.maxStaleness().plus(settings.commandTimeout());
        return time.nanoTime() - aliveAt > patience.toNanos();
    }

    Tracking tracking() {
        return tracking;
    }

    boolean isLost() {
        return lost;
    }

    /** Ends it: entries read through it are served no more. */
    void end() {
        lost = true;
        tracking.lost();
        if (connection.isOpen()) {
            var unused = connection.closeAsync();
        }
    }
}
