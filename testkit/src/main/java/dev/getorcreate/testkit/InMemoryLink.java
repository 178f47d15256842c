package dev.getorcreate.testkit;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Vouch;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** The one connection of an {@link InMemorySharedStore} to its server, made anew after each loss; and its commands. */
final class InMemoryLink {

    private final InMemoryRedis server;
    private final TimeSource time;
    private final Duration maxStaleness;
    private final Duration commandTimeout;
    private final WireFaults faults;
    private final Wire.Listener listener;

    /** Guards {@link #epoch} and {@link #ended}. */
    private final Object lock = new Object();

    private @Nullable Epoch epoch;
    private boolean ended;

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

    /** The listener is told everything may have changed when the connection is lost, too. */
    InMemoryLink(
            InMemoryRedis server,
            TimeSource time,
            Duration maxStaleness,
            Duration commandTimeout,
            WireFaults faults,
            Wire.Listener listener) {
        this.server = server;
        this.time = time;
        this.maxStaleness = maxStaleness;
        this.commandTimeout = commandTimeout;
        this.faults = faults;
        this.listener = listener;
    }

    /** Makes of a reply, where the wire is seen, what the asker gets. */
    interface WireFunction<R extends @Nullable Object, T extends @Nullable Object> {
        T apply(R reply, Epoch epoch);
    }

    /**
     * One command, from sending it to its answer. The reply is processed in the order of the wire, with the epoch it came
     * in.
     */
    <R extends @Nullable Object, T extends @Nullable Object> T ask(Supplier<R> command, WireFunction<R, T> onWire) {
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
        Epoch now = current();
        if (rawKey == null && now != null) {
            Vouch old = now.vouch;
            now.vouch = new Vouch(old.servableUntil());
            old.end();
        }
        listener.pushed(rawKey);
    }

    /** On the clock's thread: extends the word of the connection when the answer arrives, counted from the question. */
    void ping() {
        Epoch now;
        try {
            now = connection();
        } catch (SharedStoreUnavailableException e) {
            return;
        }
        long until = time.nanoTime() + maxStaleness.toNanos();
        Vouch vouch = now.vouch;
        server.run(now.wire, () -> true, reply -> vouch.extend(until));
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
        listener.pushed(null);
    }

    /** No connection any more. */
    void end() {
        synchronized (lock) {
            ended = true;
        }
        lose("the process has ended");
    }

    boolean hasEnded() {
        synchronized (lock) {
            return ended;
        }
    }

    private @Nullable Epoch current() {
        synchronized (lock) {
            return epoch;
        }
    }

    boolean isArriving() {
        Epoch now = current();
        return now != null && now.wire.isArriving();
    }

    void arriveOne() {
        Epoch now = current();
        if (now != null) {
            now.wire.arriveOne();
        }
    }

    void drain() {
        Epoch now = current();
        if (now != null) {
            now.wire.drain();
        }
    }

    private static void fail(CompletableFuture<?> answer, String why) {
        answer.completeExceptionally(new SharedStoreUnavailableException(why, null));
    }
}
