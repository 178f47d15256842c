package dev.getorcreate.testkit;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Vouch;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process's client of an {@link InMemoryRedis}: the twin of the real shared store, for tests that own time, order and
 * faults. It passes the same contract.
 */
public final class InMemorySharedStore implements SharedStore, AutoCloseable {

    private final InMemoryRedis server;
    private final TimeSource time;
    private final Duration maxStaleness;
    private final Duration commandTimeout;
    private final WireFaults faults = new WireFaults(this);
    private final Map<String, InMemorySpace<?>> spaces = new ConcurrentHashMap<>();
    /** Raw keys whose DEL was not confirmed. */
    private final Set<String> pending = ConcurrentHashMap.newKeySet();

    /** Guards {@link #epoch} and {@link #ended}. */
    private final Object lock = new Object();

    private @Nullable Epoch epoch;
    private boolean ended;
    private volatile boolean polling = true;

    /** One connection, from its being made to its loss. */
    static final class Epoch {
        final Set<CompletableFuture<?>> asked = ConcurrentHashMap.newKeySet();
        final Wire wire;
        /** Replaced where the wire is seen, when the server forgot what it tracked. */
        volatile Vouch vouch;

        Epoch(Wire wire, Vouch vouch) {
            this.wire = wire;
            this.vouch = vouch;
        }
    }

    /** A process with the default knobs: 2 s of staleness, 250 ms for a command. */
    public InMemorySharedStore(InMemoryRedis server) {
        this(server, Duration.ofSeconds(2), Duration.ofMillis(250));
    }

    /** A process with these knobs, on the server's clock. */
    public InMemorySharedStore(InMemoryRedis server, Duration maxStaleness, Duration commandTimeout) {
        this.server = server;
        this.time = server.time();
        this.maxStaleness = maxStaleness;
        this.commandTimeout = commandTimeout;
        pingLater();
    }

    /** What a test can do to this process's connection. */
    public WireFaults faults() {
        return faults;
    }

    /** Whether waits look again without having been told, as the net for lost pushes. On by default. */
    public void polling(boolean on) {
        polling = on;
    }

    @Override
    public <K> SharedSpace<K> open(String cache, KeyCodec<K> keys, String codecId, Changes<K> changes) {
        InMemorySpace<K> space = new InMemorySpace<>(this, server, cache, keys, codecId, changes);
        if (spaces.putIfAbsent(cache, space) != null) {
            throw new IllegalStateException("a space named '" + cache + "' is open on this store already: close that"
                    + " cache first, or name the new one otherwise");
        }
        return space;
    }

    void closed(String cache, InMemorySpace<?> space) {
        spaces.remove(cache, space);
    }

    @Override
    public Duration maxStaleness() {
        return maxStaleness;
    }

    @Override
    public Duration commandTimeout() {
        return commandTimeout;
    }

    /** Ends the process as {@code kill -9} does: nothing is released, nothing is renewed. */
    @Override
    public void close() {
        synchronized (lock) {
            ended = true;
        }
        lose("the process has ended");
    }

    boolean polls() {
        return polling;
    }

    boolean hasEnded() {
        synchronized (lock) {
            return ended;
        }
    }

    // ---- commands ----

    /**
     * One command, from sending it to its answer. The reply is processed in the order of the wire, with the epoch it came
     * in.
     */
    <R extends @Nullable Object, T extends @Nullable Object> T ask(Supplier<R> command, WireFunction<R, T> onWire) {
        sendPending();
        return askNow(command, onWire);
    }

    /** Makes of a reply, where the wire is seen, what the asker gets. */
    interface WireFunction<R extends @Nullable Object, T extends @Nullable Object> {
        T apply(R reply, Epoch epoch);
    }

    private <R extends @Nullable Object, T extends @Nullable Object> T askNow(
            Supplier<R> command, WireFunction<R, T> onWire) {
        Epoch now = connection();
        CompletableFuture<T> answer = new CompletableFuture<>();
        send(
                now,
                command,
                reply -> {
                    // A late reply means nothing: whoever asked went on without it.
                    if (!answer.isDone()) {
                        answer.complete(onWire.apply(reply, now));
                    }
                },
                answer);
        return await(answer);
    }

    @SuppressWarnings("CollectionUndefinedEquality") // identity is meant
    private <R extends @Nullable Object> void send(
            Epoch now, Supplier<R> command, Consumer<R> onReply, CompletableFuture<?> answer) {
        now.asked.add(answer);
        var unused = answer.whenComplete((done, error) -> now.asked.remove(answer));
        WireFaults.Loss loss = faults.takeLoss();
        if (loss == WireFaults.Loss.BEFORE_EFFECT) {
            lose("the connection was lost before the command was sent");
        } else if (loss == WireFaults.Loss.AFTER_EFFECT) {
            server.run(now.wire, command, reply -> {});
            lose("the connection was lost before the reply came");
        } else {
            server.run(now.wire, command, onReply);
        }
        if (now.wire.isCut()) {
            fail(answer, "the connection was lost");
        }
    }

    private <T extends @Nullable Object> T await(CompletableFuture<T> answer) {
        long until = time.nanoTime() + commandTimeout.toNanos();
        boolean interrupted = false;
        try {
            while (true) {
                try {
                    if (!time.await(answer, until)) {
                        fail(answer, "no answer within " + commandTimeout + "; the command may still be executed");
                    }
                    faults.wakes();
                    return answer.join();
                } catch (InterruptedException e) {
                    interrupted = true; // a command is short; the flag is for whoever waits next
                }
            }
        } catch (CompletionException e) {
            throw new SharedStoreUnavailableException("the shared store gave no answer: " + e.getMessage(), e);
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
        }
    }

    /** Without waiting for an answer, and without an error: the reply is processed if it comes. */
    <R extends @Nullable Object> void tell(Supplier<R> command, Consumer<R> onReply) {
        Epoch now;
        try {
            now = connection();
        } catch (SharedStoreUnavailableException e) {
            return;
        }
        CompletableFuture<Boolean> answer = new CompletableFuture<>();
        send(
                now,
                command,
                reply -> {
                    onReply.accept(reply);
                    answer.complete(true);
                },
                answer);
    }

    // ---- invalidations that were not confirmed ----

    boolean invalidate(String rawKey) {
        pending.add(rawKey);
        try {
            sendPending();
            return true;
        } catch (SharedStoreUnavailableException e) {
            return false;
        }
    }

    boolean isPending(String rawKey) {
        return pending.contains(rawKey);
    }

    /** Before anything is read. */
    private void sendPending() {
        for (String rawKey : pending) {
            askNow(
                    () -> {
                        server.delete(rawKey);
                        return true;
                    },
                    (reply, epoch) -> pending.remove(rawKey));
        }
    }

    // ---- the connection ----

    private Epoch connection() {
        synchronized (lock) {
            if (ended || faults.isUnreachable()) {
                throw new SharedStoreUnavailableException(
                        ended ? "this process has ended" : "the server is out of reach", null);
            }
            Epoch now = epoch;
            if (now == null) {
                Vouch vouch = new Vouch(time.nanoTime() + maxStaleness.toNanos());
                now = new Epoch(new Wire(this::pushed, faults), vouch);
                server.connect(now.wire);
                epoch = now;
            }
            return now;
        }
    }

    private void pushed(@Nullable String rawKey) {
        if (rawKey != null) {
            spaces.values().forEach(space -> space.changed(rawKey));
            return;
        }
        Epoch now;
        synchronized (lock) {
            now = epoch;
        }
        if (now != null) {
            Vouch old = now.vouch;
            now.vouch = new Vouch(old.servableUntil());
            old.end();
        }
        spaces.values().forEach(InMemorySpace::allChanged);
    }

    void lose(String why) {
        Epoch lost;
        synchronized (lock) {
            lost = epoch;
            epoch = null;
        }
        if (lost != null) {
            lost.wire.cut();
            server.disconnect(lost.wire);
            lost.vouch.end();
            lost.asked.forEach(answer -> fail(answer, why));
        }
        spaces.values().forEach(InMemorySpace::allChanged);
    }

    private static void fail(CompletableFuture<?> answer, String why) {
        answer.completeExceptionally(new SharedStoreUnavailableException(why, null));
    }

    void drain() {
        Epoch now;
        synchronized (lock) {
            now = epoch;
        }
        if (now != null) {
            now.wire.drain();
        }
    }

    private void pingLater() {
        var unused = time.after(maxStaleness.toNanos() / 4, () -> {
            if (!hasEnded()) {
                ping();
                pingLater();
            }
        });
    }

    /** On the clock's thread: extends the word of the connection when the answer arrives, counted from the question. */
    private void ping() {
        Epoch now;
        try {
            now = connection();
        } catch (SharedStoreUnavailableException e) {
            return;
        }
        long until = time.nanoTime() + maxStaleness.toNanos();
        Vouch vouch = now.vouch;
        server.run(now.wire, () -> true, reply -> vouch.extend(until));
        pending.forEach(rawKey -> server.run(
                now.wire,
                () -> {
                    server.delete(rawKey);
                    return true;
                },
                reply -> pending.remove(rawKey)));
    }

    TimeSource time() {
        return time;
    }
}
