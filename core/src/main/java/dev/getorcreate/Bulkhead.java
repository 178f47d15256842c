package dev.getorcreate;

import dev.getorcreate.spi.TimeSource;
import java.util.ArrayDeque;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * At most so many callers at the arbiter at a time; the others wait in order of arrival. A place is given back in a
 * {@code finally} of the thread that has it, and dies with the process. Whoever sleeps on another's flight lends its place
 * meanwhile: so those who have one run, and a place comes back.
 */
final class Bulkhead {

    private final TimeSource time;
    /** Guard: this. */
    private final ArrayDeque<CompletableFuture<@Nullable Void>> queue = new ArrayDeque<>();
    /** Guard: this. Those who have begun, and go first. */
    private final ArrayDeque<CompletableFuture<@Nullable Void>> returning = new ArrayDeque<>();
    /** Guard: this. Negative while more are inside than there are places, who lent theirs and have no time to wait. */
    private int free;
    /** Guard: concurrent set. The threads that have a place. */
    private final Set<Thread> inside = ConcurrentHashMap.newKeySet();

    Bulkhead(int places, TimeSource time) {
        this.free = places;
        this.time = time;
    }

    /**
     * Takes a place; waits for one until then. Ended by a place, the time, or an interrupt.
     *
     * @param first whether it goes before all who queue, since its thread has begun something that others wait for
     */
    boolean enter(long until, boolean first) throws InterruptedException {
        boolean entered = takePlace(until, first);
        if (entered) {
            settleIn();
        }
        return entered;
    }

    /** As {@link #enter}, if it need not wait. */
    boolean enterAtOnce() {
        synchronized (this) {
            if (free <= 0) {
                return false;
            }
            free--;
        }
        settleIn();
        return true;
    }

    private void settleIn() {
        boolean settled = false;
        try {
            inside.add(Thread.currentThread());
            settled = true;
        } finally {
            if (!settled) {
                givePlace(); // an Error: nobody would give it back
            }
        }
    }

    /** Whether this thread has a place: it must not wait for a second one, which could be its own. */
    boolean isInside() {
        return inside.contains(Thread.currentThread());
    }

    private boolean takePlace(long until, boolean first) throws InterruptedException {
        CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();
        synchronized (this) {
            if (free > 0) {
                free--;
                return true;
            }
            (first ? returning : queue).add(turn);
        }
        try {
            return time.await(turn, until) || !withdraw(turn);
        } catch (Throwable e) {
            if (!withdraw(turn)) {
                givePlace();
            }
            throw e;
        }
    }

    /** False if the place was given at the last moment. */
    @SuppressWarnings("CollectionUndefinedEquality") // by identity is what is meant
    private synchronized boolean withdraw(CompletableFuture<?> turn) {
        return queue.remove(turn) || returning.remove(turn);
    }

    /** Gives this thread's place to the next, if it has one. */
    void leave() {
        boolean unused = lend();
    }

    /**
     * Before this thread sleeps on what others do: one of them may be queueing for the very place that it has.
     *
     * @return whether it had one, and so must {@link #takeBack}
     */
    boolean lend() {
        return takeFrom(Thread.currentThread());
    }

    /** Gives the place of a thread that others have waited for long enough to the next, if it has one. Any thread. */
    boolean takeFrom(Thread holder) {
        boolean had = inside.remove(holder);
        if (had) {
            givePlace();
        }
        return had;
    }

    /**
     * Waits for a place before all who queue: those who have one run, and none of them waits for this thread while it has
     * one. Whose time is over, or who is interrupted, goes on all the same: it has begun, and has to end.
     */
    void takeBack(long until) {
        boolean taken = false;
        try {
            taken = takePlace(until, true);
        } catch (InterruptedException e) {
            Thread.currentThread().interrupt();
        } finally {
            if (!taken) {
                oneMore();
            }
            inside.add(Thread.currentThread());
        }
    }

    /** As {@link #takeBack}, where this thread has waited for another place already. */
    void takeBackAtOnce() {
        inside.add(Thread.currentThread());
        oneMore();
    }

    private synchronized void oneMore() {
        free--;
    }

    private void givePlace() {
        CompletableFuture<@Nullable Void> next;
        synchronized (this) {
            free++;
            next = free <= 0 ? null : returning.isEmpty() ? queue.poll() : returning.poll();
            if (next != null) {
                free--;
            }
        }
        if (next != null) {
            next.complete(null);
        }
    }
}
