package dev.getorcreate.spi;

/**
 * The word of a connection that it would have told of a change: until when, on the {@link TimeSource}'s clock, entries
 * read under it may be served. It is extended while the connection proves itself alive, and ends for good when the
 * connection is lost or the server forgot what it tracked.
 */
public final class Vouch {

    private static final long ENDED = Long.MIN_VALUE;

    /** The word of a store that needs no connection: entries live by their own deadline alone. */
    public static final Vouch ALWAYS = new Vouch(Long.MAX_VALUE);

    /** Guard: compare and set; {@link #ENDED} is final. */
    private volatile long servableUntil;

    private static final java.util.concurrent.atomic.AtomicLongFieldUpdater<Vouch> UNTIL =
            java.util.concurrent.atomic.AtomicLongFieldUpdater.newUpdater(Vouch.class, "servableUntil");

    /** A word that holds until the given time. */
    public Vouch(long servableUntil) {
        this.servableUntil = servableUntil;
    }

    /** One volatile read; in the past once the word has ended. */
    public long servableUntil() {
        return servableUntil;
    }

    /** Extends the word; it never gets shorter by this, and one that ended stays ended. */
    public void extend(long until) {
        long now = servableUntil;
        while (now != ENDED && now < until && !UNTIL.compareAndSet(this, now, until)) {
            now = servableUntil;
        }
    }

    /** Ends the word for good. */
    public void end() {
        servableUntil = ENDED;
    }
}
