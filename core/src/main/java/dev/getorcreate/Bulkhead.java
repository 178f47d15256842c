package dev.getorcreate;

import dev.getorcreate.spi.TimeSource;
import java.util.ArrayDeque;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * At most so many callers at the arbiter at a time; the others wait in order of arrival. A place is given back in a
 * {@code finally} of the thread that has it, and dies with the process.
 */
final class Bulkhead {

    private final TimeSource time;
    /** Guard: this. */
    private final ArrayDeque<CompletableFuture<@Nullable Void>> queue = new ArrayDeque<>();
    /** Guard: this. */
    private int free;

    Bulkhead(int places, TimeSource time) {
        this.free = places;
        this.time = time;
    }

    /** Takes a place; waits for one until then. Ended by a place, the time, or an interrupt. */
    boolean enter(long until) throws InterruptedException {
        CompletableFuture<@Nullable Void> turn = new CompletableFuture<>();
        synchronized (this) {
            if (free > 0) {
                free--;
                return true;
            }
            queue.add(turn);
        }
        try {
            return time.await(turn, until) || !withdraw(turn);
        } catch (InterruptedException e) {
            if (!withdraw(turn)) {
                leave();
            }
            throw e;
        }
    }

    /** False if the place was given at the last moment. */
    @SuppressWarnings("CollectionUndefinedEquality") // by identity is what is meant
    private synchronized boolean withdraw(CompletableFuture<?> turn) {
        return queue.remove(turn);
    }

    void leave() {
        CompletableFuture<@Nullable Void> next;
        synchronized (this) {
            next = queue.poll();
            if (next == null) {
                free++;
            }
        }
        if (next != null) {
            next.complete(null);
        }
    }
}
