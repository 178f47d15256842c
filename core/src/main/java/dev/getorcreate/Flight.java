package dev.getorcreate;

import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Vouch;
import dev.getorcreate.spi.Watch;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicLongFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * One resolution in progress, and, once it has landed, the local entry: one object, so that a hit follows one pointer.
 * It completes with itself, and always normally: with a value, with a failure, or with neither ('ask again').
 *
 * <p>The whole fence is the one word {@link #mark}. The thread that sees the wire opens it when a record's reply passes
 * and spoils it when a change passes; the leader can turn only an open mark into a deadline. So the order on the wire
 * decides what is stored, whatever thread wakes when.
 */
final class Flight<V> extends CompletableFuture<Flight<V>> implements Watch {

    /** Nothing that may be kept was read yet. All special marks are negative: before any time. */
    private static final long PENDING = Long.MIN_VALUE;
    /** A record passed on the wire, and no change since. */
    private static final long OPEN = Long.MIN_VALUE + 1;
    /** A change passed: this answers those who asked before, and is kept for nobody. */
    private static final long STALE = Long.MIN_VALUE + 2;

    @SuppressWarnings("rawtypes")
    private static final AtomicLongFieldUpdater<Flight> MARK = AtomicLongFieldUpdater.newUpdater(Flight.class, "mark");

    @SuppressWarnings("rawtypes")
    private static final AtomicReferenceFieldUpdater<Flight, Object> RESULT =
            AtomicReferenceFieldUpdater.newUpdater(Flight.class, Object.class, "result");

    /** Its leader only looks: whoever may create displaces it, and does not wait for it. */
    private static final int LOOKS = 0;
    /** Nobody leads it yet: an executor is to come to it. */
    private static final int QUEUED = 1;
    /** Somebody leads it, and it will end. */
    private static final int LED = 2;

    @SuppressWarnings("rawtypes")
    private static final AtomicIntegerFieldUpdater<Flight> LEAD =
            AtomicIntegerFieldUpdater.newUpdater(Flight.class, "lead");

    /** Guard: compare and set. */
    private volatile int lead;

    /** Guard: compare and set. A special mark, or the time until which the entry may be served. */
    private volatile long mark = PENDING;

    /** Written before {@link #mark} opens, read before it: whoever sees a deadline sees the word it stands under. */
    private @Nullable Vouch vouch;

    /** Guard: set once, by compare and set from null; before the mark becomes a deadline and the flight completes. */
    private volatile @Nullable Object result;

    /** The result of a flight that gives no answer. */
    private static final Object ASK_AGAIN = new Object();

    /** The result of a flight that failed. */
    private record Failure(Throwable error) {}

    /** For whoever makes it to lead. */
    Flight() {
        this(LED);
    }

    private Flight(int lead) {
        this.lead = lead;
    }

    static <V> Flight<V> ofLookup() {
        return new Flight<>(LOOKS);
    }

    /** For whoever begins it first to lead. */
    static <V> Flight<V> queued() {
        return new Flight<>(QUEUED);
    }

    boolean isLookup() {
        return lead == LOOKS;
    }

    /** Whether the caller is to lead it: it was queued, and nobody had begun it. */
    boolean begin() {
        return lead == QUEUED && LEAD.compareAndSet(this, QUEUED, LED);
    }

    /**
     * The value, if it may be served. Read in this order: the connection's word, the entry's own mark, the clock. A
     * thread that was stopped between two of them meets a later read that knows better.
     */
    @Nullable
    V fresh(TimeSource time) {
        Vouch word = vouch;
        if (word == null) {
            return null;
        }
        long vouched = word.servableUntil();
        long deadline = mark;
        if (deadline < 0) {
            return null;
        }
        long now = time.nanoTime();
        return now < deadline && now < vouched ? value() : null;
    }

    /** On the thread that sees the wire: a record was read under this word. */
    @Override
    public void answered(Vouch word) {
        if (mark == PENDING) {
            vouch = word;
            MARK.compareAndSet(this, PENDING, OPEN);
        }
    }

    /** What was read could not be used: the flight goes on, and a change means nothing to it for now. */
    void reopen() {
        MARK.compareAndSet(this, OPEN, PENDING);
    }

    /**
     * The key changed. On the thread that sees the wire.
     *
     * @return whether that concerns this flight: it has read, or it is an entry; or it is stale, and whoever made it that may
     *     not have come to unlink it yet
     */
    boolean changed() {
        long now = mark;
        while (now != PENDING) {
            if (now == STALE || MARK.compareAndSet(this, now, STALE)) {
                return true;
            }
            now = mark;
        }
        return false;
    }

    /** This process invalidated the key, or the flight loses its place: whatever it reads, it is kept for nobody. */
    void spoil() {
        mark = STALE;
    }

    /**
     * The leader has the answer, and completes the flight after this.
     *
     * @param keepUntil until when the entry may be served; 0: not at all
     * @return whether it may be kept; if not, the caller unlinks it before it completes it
     */
    boolean land(V answer, long keepUntil) {
        return RESULT.compareAndSet(this, null, answer) && keepUntil > 0 && MARK.compareAndSet(this, OPEN, keepUntil);
    }

    /** Those who joined fail with this. The caller has unlinked the flight. No effect once there is a result. */
    void fail(Throwable error) {
        RESULT.compareAndSet(this, null, new Failure(error));
        complete(this);
    }

    /** Those who joined ask again. The caller has unlinked the flight. No effect once there is a result. */
    void askAgain() {
        RESULT.compareAndSet(this, null, ASK_AGAIN);
        complete(this);
    }

    /** The answer; null if there is none (yet). */
    @SuppressWarnings("unchecked") // the only other results are told apart here
    @Nullable
    V value() {
        Object now = result;
        return now == null || now == ASK_AGAIN || now instanceof Failure ? null : (V) now;
    }

    /** Why the flight failed, or null. */
    @Nullable
    Throwable failure() {
        return result instanceof Failure failed ? failed.error() : null;
    }
}
