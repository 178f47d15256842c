package dev.getorcreate.redis;

import java.nio.ByteBuffer;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * Who sleeps on which key, and a count of the changes of each key, so that nobody sleeps over a change that came between
 * its look and its lying down: the look notes the count on the thread that sees the wire, and who lies down first gets
 * into the map and then compares. Keys share counts; a shared one costs a look too many, never one too few.
 */
final class Waiters {

    private static final int COUNTS = 1024;

    /** Guard: atomic. */
    private final AtomicLongArray changes = new AtomicLongArray(COUNTS);

    /** Guard: concurrent map; the lists in it are immutable. */
    private final ConcurrentHashMap<ByteBuffer, List<Waiter>> asleep = new ConcurrentHashMap<>();

    Waiters() {
        // From random numbers, so that the count of one key is never taken for that of another.
        for (int slot = 0; slot < COUNTS; slot++) {
            changes.set(slot, ThreadLocalRandom.current().nextLong());
        }
    }

    long changesOf(ByteBuffer key) {
        return changes.get(slot(key));
    }

    private static int slot(ByteBuffer key) {
        return Math.floorMod(key.hashCode(), COUNTS);
    }

    void add(ByteBuffer key, Waiter waiter) {
        asleep.merge(key, List.of(waiter), (there, one) -> Stream.concat(there.stream(), one.stream())
                .toList());
    }

    void remove(ByteBuffer key, Waiter waiter) {
        asleep.computeIfPresent(key, (same, there) -> {
            List<Waiter> rest = there.stream().filter(other -> other != waiter).toList();
            return rest.isEmpty() ? null : rest;
        });
    }

    /** On the thread that sees the wire. */
    void changed(ByteBuffer key) {
        changes.incrementAndGet(slot(key));
        asleep.getOrDefault(key, List.of()).forEach(Waiter::changed);
    }

    /** Everything may have changed. */
    void all(Consumer<Waiter> wake) {
        for (int slot = 0; slot < COUNTS; slot++) {
            changes.incrementAndGet(slot);
        }
        asleep.values().forEach(waiters -> waiters.forEach(wake));
    }
}
