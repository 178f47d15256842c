package dev.getorcreate.redis;

import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import io.lettuce.core.output.CommandOutput;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Which generation of a cache's keys is the current one. All processes read it, tracked, from one key; to invalidate the
 * whole cache is to write another stamp there: atomic, at once, whatever the number of keys. A missing one (evicted,
 * flushed) is set anew, never to a stamp that was there before, so that nothing comes back.
 *
 * <p>It is read again every few seconds, so that an eviction by age does not take it for forgotten.
 */
final class Generations implements Tracking.Ground {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    /** Redis counts the time since a key was used in seconds. */
    private static final long TOUCH = TimeUnit.SECONDS.toNanos(2);

    /** The generation that will be told, by whichever command asks for it at last. */
    static final class Learning extends CompletableFuture<Generation> {
        /** Guard: volatile. Null: it was not sent. */
        private volatile @Nullable Reply<?> asked;

        /** What is to be answered: a server may have sent it on to another one. */
        @Nullable
        Reply<?> asked() {
            return asked;
        }
    }

    private final RedisSharedStore store;
    private final Namespace namespace;
    private final byte[] key;
    /** Invalidations that wait are sent under a generation before anybody reads under it. */
    private final RedisSpace<?> space;
    /** Guard: atomic; changed on the threads of connections. */
    private final AtomicReference<@Nullable Generation> known = new AtomicReference<>();
    /** Guard: volatile; set for good. */
    private volatile boolean closed;

    Generations(RedisSharedStore store, Namespace namespace, RedisSpace<?> space) {
        this.store = store;
        this.namespace = namespace;
        this.key = namespace.generationKey();
        this.space = space;
    }

    @Override
    public long provenAt() {
        Generation now = known.get();
        return now == null ? Long.MIN_VALUE : now.provenAt();
    }

    /** The current one; one round trip where it is not known. */
    Generation current() {
        Generation now = knownOrNull();
        if (now != null) {
            return now;
        }
        Link link = store.link(key);
        return Objects.requireNonNull(link.await(askForOne(link)), "an answer has a generation");
    }

    /** The current one, if it is proven to be that. */
    @Nullable
    Generation knownOrNull() {
        Generation now = latest();
        long age = now == null ? 0 : store.time().nanoTime() - now.provenAt();
        return age < store.settings().maxStaleness().toNanos() ? now : null;
    }

    /** The one that was told last, whether that is still proven or not; null too where it has to be replaced first. */
    @Nullable
    Generation latest() {
        // Asked first: what is known is forgotten before the invalidation is confirmed.
        return store.invalidations().isAllOwed(space) ? null : told();
    }

    /** The one under which this process may have entries, whether they are to be replaced or not. */
    @Nullable
    Generation told() {
        Generation now = known.get();
        return now == null || now.from().isLost() ? null : now;
    }

    boolean isCurrent(Generation generation) {
        return latest() == generation;
    }

    /**
     * Asks, without waiting. What is pending for the whole cache is written instead; what is pending of its keys is sent
     * again with the answer.
     */
    CompletableFuture<Generation> ask(Link link) {
        return ask(link, true);
    }

    /**
     * As {@link #ask}, for one key: behind the DEL of its invalidation, or before it is read. The others' are left to the
     * ticks, unless the generation is a new one. So many that were made while the server paused are answered at once, and each
     * would go through all.
     */
    CompletableFuture<Generation> askForOne(Link link) {
        return ask(link, false);
    }

    private CompletableFuture<Generation> ask(Link link, boolean settles) {
        Learning learnt = new Learning();
        Long pending = store.invalidations().takeAll(space, link);
        if (pending == null) {
            link.send(reading(new Sending(store.time().nanoTime(), link, settles), learnt, true));
        } else {
            write(link, pending, learnt);
        }
        return learnt;
    }

    /**
     * Some times a second: so that it is neither forgotten nor, where the server tells of no changes, changed unnoticed; and
     * invalidations that wait for its proof get it.
     */
    void touch() {
        Generation now = known.get();
        if (now != null && now.from().isAnswering() && isDue(now)) {
            var unused = ask(now.from());
        }
    }

    private boolean isDue(Generation generation) {
        return generation.from().isUntracked()
                || store.invalidations().isAnyPending()
                || store.time().nanoTime() - generation.askedAt()
                        >= Math.min(TOUCH, store.settings().maxStaleness().toNanos());
    }

    /** Another stamp for everybody. Blocks for at most about the command time-out. */
    Invalidation invalidateAll() {
        long number = store.invalidations().beginAll(space);
        try {
            Link link = store.connectedLink(key);
            Learning learnt = new Learning();
            write(link, number, learnt);
            link.requireAnswering();
            link.await(learnt);
            return space.isAllPending(number) ? Invalidation.PENDING : Invalidation.CONFIRMED;
        } catch (SharedStoreUnavailableException e) {
            LOG.log(System.Logger.Level.DEBUG, "the invalidation of a whole cache is pending", e);
            return Invalidation.PENDING;
        } finally {
            store.invalidations().leftAll(space, number);
            space.bequeath();
        }
    }

    private void write(Link link, long number, Learning learnt) {
        boolean sent = false;
        try {
            send(link, number, learnt);
            sent = true;
        } finally {
            if (!sent) {
                store.invalidations().allRefused(space, number); // an Error: it is not under way
            }
        }
    }

    private void send(Link link, long number, Learning learnt) {
        Sending writing = new Sending(store.time().nanoTime(), link, true);
        Consumer<Link> sending = over -> {
            writing.over(over);
            store.invalidations().allSending(space, number, over);
        };
        Reply<String> set = Reply.set(key, Generation.newStamp(), sending, output -> {
            if (!output.hasError()) {
                forget();
                store.invalidations()
                        .confirmedAll(space, number, writing.link, store.time().nanoTime());
            }
        });
        fails(set, learnt);
        var unused = set.whenComplete((done, error) -> {
            if (error != null) {
                store.invalidations().allRefused(space, number);
            }
        });
        link.send(set, reading(new Sending(store.time().nanoTime(), link, true), learnt, true));
    }

    /** A read; registers for changes. */
    private Reply<byte[]> reading(Sending sending, Learning learnt, boolean create) {
        Reply<byte[]> get = Reply.getRange(key, sending::over, output -> answered(output, sending, learnt, create));
        learnt.asked = get;
        var unused = get.whenComplete((answer, error) -> {
            if (error != null && !sending.goesOn) {
                learnt.completeExceptionally(error);
            }
        });
        return get;
    }

    /** Which link a request went over at last, and when it was made. */
    private static final class Sending {
        final long at;
        /** What is pending of the cache's keys is sent again with the answer, also if that is no news. */
        final boolean settles;
        /** Guard: volatile. */
        volatile Link link;
        /** Written before the request is. */
        int flushes;
        /** Written on the connection's thread before the reply completes. The answer is followed by another request. */
        boolean goesOn;

        Sending(long at, Link link, boolean settles) {
            this.at = at;
            this.link = link;
            this.settles = settles;
        }

        void over(Link last) {
            link = last;
            flushes = last.tracking().flushes();
        }

        /** Its server lost the key, or forgot what it tracked, after the request went out, and may tell of no change. */
        boolean isOutdated() {
            return flushes != link.tracking().flushes();
        }
    }

    private static void fails(Reply<?> reply, Learning learnt) {
        var unused = reply.whenComplete((answer, error) -> {
            if (error != null) {
                learnt.completeExceptionally(error);
            }
        });
    }

    /** On the connection's thread. */
    private void answered(
            CommandOutput<byte[], byte[], byte[]> output, Sending sending, Learning learnt, boolean create) {
        boolean wrongType = output.hasError() && output.getError().startsWith("WRONGTYPE");
        if (output.hasError() && !wrongType) {
            return; // the reply fails with it
        }
        byte[] stamp = wrongType || output.get() == null ? new byte[0] : output.get();
        if (store.invalidations().isAllOwed(space)) {
            learnt.completeExceptionally(new IllegalStateException("an invalidation of the cache was not carried out"));
        } else if (Generation.isStamp(stamp)) {
            Generation told = sending.isOutdated() ? null : take(stamp, sending);
            // Looked at behind it too: whoever makes it so finds it taken, or is found here.
            if (told == null || sending.isOutdated()) {
                lost(sending.link);
                sending.goesOn = true;
                sending.link.send(
                        reading(new Sending(store.time().nanoTime(), sending.link, sending.settles), learnt, create));
            } else {
                learnt.complete(told);
            }
        } else if (create) {
            sending.goesOn = true;
            create(sending.link, wrongType || stamp.length > 0, learnt);
        } else {
            learnt.completeExceptionally(new IllegalStateException("Redis does not keep the cache's generation"));
        }
    }

    private void create(Link link, boolean garbage, Learning learnt) {
        if (garbage) {
            link.send(Reply.delete(key, over -> {}, ignored -> {}));
        }
        Reply<byte[]> set = Reply.setIfAbsent(link.server().plainClaim(), key, Generation.newStamp(), 0, ignored -> {});
        fails(set, learnt);
        link.send(set, reading(new Sending(store.time().nanoTime(), link, true), learnt, false));
    }

    private Generation take(byte[] stamp, Sending sending) {
        Generation before = known.get();
        if (before != null && before.hasStamp(stamp) && before.from() == sending.link) {
            before.asked(sending.at);
            store.invalidations().proven(space, before);
            if (sending.settles) {
                store.invalidations().deletes().sendAgain(space, before, sending.link, store);
            }
            return before;
        }
        boolean gone = before != null && before.hasStamp(stamp) && before.from().isLost();
        if (before != null && sending.at < before.askedAt() && !gone) {
            return before; // a late answer, of the server that had the key before: also if it is the same
        }
        if (before != null) {
            forget();
        }
        Generation now = new Generation(namespace, stamp, sending.link, sending.at);
        store.invalidations().deletes().sendAgain(space, now, sending.link, store);
        if (known.compareAndSet(null, now)) {
            store.invalidations().proven(space, now);
            store.leases().endOthers(space, now);
        } else {
            forget(); // two answers at once: whoever is next asks again
        }
        return now;
    }

    /** It was written. On the connection's thread: what it is now is asked at once, since claims may be lost by it. */
    void changed(Link from) {
        forget();
        var unused = ask(from);
    }

    /** The generation changed, or nobody would tell if it did. On the connection's thread, or an invalidating one. */
    void forget() {
        known.set(null);
        endWords();
        space.generationChanged();
    }

    /** The cache is closed. Creations that are under way may still end, and are vouched for no more. */
    void close() {
        closed = true;
        endWords();
    }

    @Override
    public boolean isClosed() {
        return closed;
    }

    /** Nothing of the cache that was read so far is vouched for any more. */
    void endWords() {
        store.links().forEach(link -> link.tracking().ended(this));
    }

    /** The link is gone, and with it the word that the generation is current. */
    void lost(Link gone) {
        Generation now = known.get();
        if (now != null && now.from() == gone) {
            forget();
        }
    }
}
