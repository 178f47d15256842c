package dev.getorcreate;

import dev.getorcreate.spi.TimeSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * At most so many calls at the arbiter at a time; the others wait in order of arrival. A place is needed at the arbiter; a
 * call that creates keeps it until it is late; one whose thread sleeps on what others do lends it. So those who have one
 * run, and a place comes back. It is given back in a {@code finally} of the call's thread, and dies with the process.
 */
final class Bulkhead {

    /** One whose time is over still gets a short turn: the arbiter's answer is what it waited for. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

    private final TimeSource time;
    /** Guard: this, as all that follows and what places are made of. Those who have begun: they go first. */
    private final Queue<CompletableFuture<@Nullable Void>> returning = new ArrayDeque<>();
    /** Whom those wait for who have begun: they go next. */
    private final Queue<CompletableFuture<@Nullable Void>> nested = new ArrayDeque<>();

    private final Queue<CompletableFuture<@Nullable Void>> queue = new ArrayDeque<>();
    /** Negative while more are inside than there are places, who had no time to wait. */
    private int free;

    private boolean closed;

    Bulkhead(int places, TimeSource time) {
        this.free = places;
        this.time = time;
    }

    /**
     * For one call.
     *
     * @param outer that of the call which this one is nested in
     */
    Place place(@Nullable Place outer) {
        return new Place(outer);
    }

    /** Nobody who has not begun waits any more, or is limited: they are refused. */
    void close() {
        List<CompletableFuture<@Nullable Void>> turns;
        synchronized (this) {
            closed = true;
            turns = new ArrayList<>(nested);
            turns.addAll(queue);
            nested.clear();
            queue.clear();
            free -= turns.size();
        }
        turns.forEach(turn -> turn.complete(null));
    }

    private boolean take(long until, Queue<CompletableFuture<@Nullable Void>> where) throws InterruptedException {
        CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();
        synchronized (this) {
            if (free > 0 || (closed && where != returning)) {
                free--;
                return true;
            }
            where.add(turn);
        }
        try {
            return time.await(turn, Math.max(until, time.nanoTime() + GRACE)) || !withdraw(turn, where);
        } catch (Throwable e) {
            if (!withdraw(turn, where)) {
                give();
            }
            throw e;
        }
    }

    /** False if the place was given at the last moment. */
    @SuppressWarnings("CollectionUndefinedEquality") // by identity is what is meant
    private synchronized boolean withdraw(
            CompletableFuture<@Nullable Void> turn, Queue<CompletableFuture<@Nullable Void>> where) {
        return where.remove(turn);
    }

    private void give() {
        CompletableFuture<@Nullable Void> next;
        synchronized (this) {
            free++;
            next = free <= 0 ? null : first();
            if (next != null) {
                free--;
            }
        }
        if (next != null) {
            next.complete(null);
        }
    }

    /** Guard: the caller has this. */
    private @Nullable CompletableFuture<@Nullable Void> first() {
        return !returning.isEmpty() ? returning.poll() : !nested.isEmpty() ? nested.poll() : queue.poll();
    }

    /** What one call has here, or has not. A thread has one at a time: that of its innermost call at this arbiter. */
    final class Place {

        private final @Nullable Place outer;
        /** Guard: the bulkhead, as all that follows. */
        private boolean held;
        /** Whether it was the outer call's. That has none then, until it is given back: it runs, and lends none. */
        private boolean fromOuter;

        private boolean creating;
        /** For good. */
        private boolean late;

        private Place(@Nullable Place outer) {
            this.outer = outer;
        }

        boolean isAt(Bulkhead there) {
            return there == Bulkhead.this;
        }

        /** Takes the outer call's place, or a free one; false if it had to wait for one. */
        boolean enterAtOnce() {
            synchronized (Bulkhead.this) {
                if (outer != null && outer.held) {
                    outer.held = false;
                    fromOuter = true;
                } else if (free > 0 || closed) {
                    free--;
                } else {
                    return false;
                }
                held = true;
                return true;
            }
        }

        /**
         * Waits for one until then, and a little longer. Ended by a place, the time, or an interrupt.
         *
         * @param first whether it goes before all who queue, since its thread has begun something that others wait for
         */
        boolean enter(long until, boolean first) throws InterruptedException {
            boolean taken = take(until, first ? nested : queue);
            if (taken) {
                settle(true);
            }
            return taken;
        }

        /**
         * The creator begins, which is not at the arbiter.
         *
         * @param apart whether that is late from the start: others have the place meanwhile
         */
        void creates(boolean apart) {
            boolean had;
            synchronized (Bulkhead.this) {
                creating = true;
                late |= apart;
                had = late && drop();
            }
            giveIf(had);
        }

        /** The call takes too long. If its creator does, others have the place meanwhile. Any thread. */
        void late() {
            boolean had;
            synchronized (Bulkhead.this) {
                late = true;
                had = creating && drop();
            }
            giveIf(had);
        }

        /** The creator has ended, and its candidate goes to the arbiter. Whether others have the place meanwhile. */
        boolean created() {
            synchronized (Bulkhead.this) {
                creating = false;
                return !held;
            }
        }

        /**
         * Before the thread sleeps on what others do: one of them may be queueing for the very place that it has.
         *
         * @return whether it had one, and so must {@link #comeBack}
         */
        boolean lend() {
            boolean had;
            synchronized (Bulkhead.this) {
                had = drop();
            }
            giveIf(had);
            return had;
        }

        /**
         * Waits for a place before all who queue: those who have one run, and none of them waits for this thread while it
         * has one. Whose time is over, and a little longer, or who is interrupted, goes on all the same: it has begun, and
         * has to end.
         *
         * @return whether it needs one
         */
        boolean comeBack(long until) {
            if (goesWithout()) {
                return false;
            }
            boolean taken = false;
            try {
                taken = take(until, returning);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
            } finally {
                settle(taken);
            }
            return true;
        }

        /** As {@link #comeBack}, where this thread has waited for another place already. */
        void comeBackAtOnce() {
            settle(false);
        }

        /** Gives it back to the outer call, or to the next, if it has one. */
        void leave() {
            boolean had;
            synchronized (Bulkhead.this) {
                had = drop();
                if (had && fromOuter && outer != null && !outer.goesWithout()) {
                    outer.held = true;
                    had = false;
                }
            }
            giveIf(had);
        }

        private boolean goesWithout() {
            synchronized (Bulkhead.this) {
                return creating && late;
            }
        }

        /** It may have become late while it waited. */
        private void settle(boolean taken) {
            boolean without;
            synchronized (Bulkhead.this) {
                without = goesWithout();
                held = !without;
                if (held && !taken) {
                    free--;
                }
            }
            giveIf(without && taken);
        }

        /** Guard: the caller has the bulkhead. Whether there was one. */
        private boolean drop() {
            boolean had = held;
            held = false;
            return had;
        }

        private void giveIf(boolean had) {
            if (had) {
                give();
            }
        }
    }
}
