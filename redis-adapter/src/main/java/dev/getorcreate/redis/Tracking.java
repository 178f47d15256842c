package dev.getorcreate.redis;

import dev.getorcreate.spi.Vouch;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * What one connection's tracking is worth: a state machine without a network, fed with what happens on the wire in the
 * wire's order. A connection is one epoch: when it is lost, this ends for good, and the next connection has its own.
 *
 * <p>It gives one word per space, and a word holds until {@code maxStaleness} after the <em>sending</em> of the newest
 * answered PING: a push that was due before that PING's answer has then been seen. On a cluster, a space's generation may
 * be learnt over another connection than its keys; a word holds no longer than both are proven.
 */
final class Tracking {

    /** What a space's words stand under besides this connection: when its generation was last known to hold. */
    @FunctionalInterface
    interface Ground {
        long provenAt();

        /** For good; its words were ended after it was. */
        default boolean isClosed() {
            return false;
        }
    }

    private static final long NEVER = Long.MIN_VALUE;

    private final long maxStalenessNanos;
    /** Guard: concurrent map for reading; changed under this. */
    private final Map<Ground, Vouch> words = new ConcurrentHashMap<>();
    /** Guard: volatile; written under this. The sending time of the newest answered PING; NEVER: not armed, or lost. */
    private volatile long provenAt = NEVER;
    /** Guard: this. */
    private boolean lost;
    /** Guard: volatile; written under this. */
    private volatile int flushes;

    Tracking(long maxStalenessNanos) {
        this.maxStalenessNanos = maxStalenessNanos;
    }

    /** The server acknowledged tracking, by a request sent at this time. */
    synchronized void armed(long sentAt) {
        if (!lost) {
            provenAt = sentAt;
        }
    }

    /** When this connection last proved that it tells of changes; long past if it does not. */
    long provenAt() {
        return provenAt;
    }

    /** The word under which a request written now will be answered; null if its answer must not be kept. */
    @Nullable
    Vouch word(Ground ground) {
        Vouch word = words.get(ground);
        return word != null ? word : newWord(ground);
    }

    private synchronized @Nullable Vouch newWord(Ground ground) {
        return provenAt == NEVER || ground.isClosed()
                ? null
                : words.computeIfAbsent(ground, same -> new Vouch(until(same)));
    }

    private long until(Ground ground) {
        long proven = Math.min(provenAt, ground.provenAt());
        return proven == NEVER ? NEVER + 1 : proven + maxStalenessNanos;
    }

    /** A PING that was sent at this time is answered. One that went out before tracking was armed proves nothing. */
    synchronized void pong(long sentAt) {
        if (provenAt != NEVER && sentAt > provenAt) {
            provenAt = sentAt;
            words.forEach((ground, word) -> word.extend(until(ground)));
        }
    }

    /** The server forgot what it tracked: all that was read so far is vouched for no more, what is read from now on is. */
    synchronized void flushed() {
        flushes++;
        endAll();
    }

    /** How often that was: what was asked for before the last time may not hold any more. */
    int flushes() {
        return flushes;
    }

    /** Nothing of this space that was read so far is vouched for any more. */
    void ended(Ground ground) {
        Vouch word;
        synchronized (this) {
            word = words.remove(ground);
        }
        if (word != null) {
            word.end();
        }
    }

    /** For tests: how many spaces have a word. */
    int words() {
        return words.size();
    }

    /** The connection is gone. */
    synchronized void lost() {
        lost = true;
        provenAt = NEVER;
        endAll();
    }

    private void endAll() {
        List<Vouch> ending = new ArrayList<>(words.values());
        words.clear();
        ending.forEach(Vouch::end);
    }
}
