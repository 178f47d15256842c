package dev.getorcreate.testkit;

import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Watch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * One sleep on somebody else's claim: woken by a push, by the end of the claim's life, which the server does not push in
 * time, and by the poll.
 */
final class InMemoryWait<K> {

    private static final long LEAST_POLL = TimeUnit.MILLISECONDS.toNanos(50);

    private final InMemorySpace<K> space;
    private final InMemorySharedStore store;
    private final TimeSource time;
    private final K key;
    private final String rawKey;
    private final Watch watch;
    private final long until;

    InMemoryWait(InMemorySpace<K> space, InMemorySharedStore store, K key, String rawKey, Watch watch, long until) {
        this.space = space;
        this.store = store;
        this.time = store.time();
        this.key = key;
        this.rawKey = rawKey;
        this.watch = watch;
        this.until = until;
    }

    Look run(Look.Held seen) throws InterruptedException {
        InMemorySpace.Sleeper sleeper = space.sleeper(rawKey);
        try {
            Look.Held held = seen;
            // Whoever came between that look and this sleep is not slept over.
            boolean told = space.changedSince(held);
            boolean polled = false;
            while (true) {
                if (!told) {
                    long end =
                            time.nanoTime() + Math.max(0, space.timeToLive(rawKey)) + TimeUnit.MILLISECONDS.toNanos(1);
                    long poll = store.polls() ? time.nanoTime() + pollInterval(held) : Long.MAX_VALUE;
                    told = time.await(sleeper.woken, Math.min(until, Math.min(end, poll)));
                    polled = !told && time.nanoTime() < Math.min(until, end);
                }
                // A change from here on is newer than the look, and wakes the next sleep.
                sleeper.woken = new CompletableFuture<>();
                Look look = space.look(key, watch);
                boolean same = look instanceof Look.Held other && other.token().equals(held.token());
                if (polled && !same) {
                    space.pollFound();
                }
                if (!same || !(look instanceof Look.Held now) || time.nanoTime() >= until) {
                    return look;
                }
                held = now;
                told = false;
            }
        } finally {
            space.forget(sleeper);
        }
    }

    private static long pollInterval(Look.Held held) {
        // Spread by the token, so that waiters of one claim in several processes do not all ask at once.
        long half = TimeUnit.MILLISECONDS.toNanos(held.leaseMillis()) / 2;
        return Math.max(LEAST_POLL, half) + Math.floorMod(held.token().low(), LEAST_POLL);
    }
}
