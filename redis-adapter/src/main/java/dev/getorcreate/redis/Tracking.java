package dev.getorcreate.redis;

import dev.getorcreate.spi.Vouch;
import org.jspecify.annotations.Nullable;

/**
 * What one connection's tracking is worth: a state machine without a network, fed with what happens on the wire in the
 * wire's order. A connection is one epoch: when it is lost, this ends for good, and the next connection has its own.
 *
 * <p>The word given for what is read holds until {@code maxStaleness} after the <em>sending</em> of the newest answered
 * PING: a push that was due before that PING's answer has then been seen. A server that says it forgot what it tracked
 * ends the word, and a new one begins.
 */
final class Tracking {

    private final long maxStalenessNanos;
    /** Guard: volatile; written on the connection's thread, and by {@link #lost}. Null: not armed, or lost. */
    private volatile @Nullable Vouch vouch;
    /** Guard: this. */
    private boolean lost;
    /** Guard: this. The sending time of the newest answered PING. */
    private long provenAt;

    Tracking(long maxStalenessNanos) {
        this.maxStalenessNanos = maxStalenessNanos;
    }

    /** The server acknowledged tracking, by a request sent at this time. */
    synchronized void armed(long sentAt) {
        if (!lost) {
            provenAt = sentAt;
            vouch = new Vouch(sentAt + maxStalenessNanos);
        }
    }

    /** The word under which a request written now will be answered; null if its answer must not be kept. */
    @Nullable
    Vouch word() {
        return vouch;
    }

    /** A PING that was sent at this time is answered. One that went out before tracking was armed proves nothing. */
    synchronized void pong(long sentAt) {
        Vouch word = vouch;
        if (word != null && sentAt > provenAt) {
            provenAt = sentAt;
            word.extend(sentAt + maxStalenessNanos);
        }
    }

    /** The server forgot what it tracked: all that was read so far is vouched for no more, what is read from now on is. */
    synchronized void flushed() {
        Vouch word = vouch;
        if (word != null) {
            vouch = new Vouch(provenAt + maxStalenessNanos);
            word.end();
        }
    }

    /** The connection is gone. */
    synchronized void lost() {
        lost = true;
        Vouch word = vouch;
        vouch = null;
        if (word != null) {
            word.end();
        }
    }
}
