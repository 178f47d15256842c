package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.TimeSource;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One sleeper on somebody else's claim. A change makes the connection's own thread look again, so that the sleeper wakes
 * once, with the answer; and only if the answer is not that the same claim still stands. (The lease of another one may be
 * shorter: whoever sleeps on that, lies down anew.)
 *
 * <p>What ends the sleep: the answer; the end of the claim's lease, at which it looks itself; a poll; its own time; the
 * loss of a link, at which it looks, and a look that cannot be sent, or the closing of the space, through {@link #fail}. If the process dies, nothing is left of it.
 */
final class Waiter {

    /** What a waiter asks of Redis. */
    interface Looker {
        /** Sends one tracked GET; its answer goes to the waiter's {@link #looked}, on the thread that sees the wire. */
        void lookAgain(Waiter waiter);

        /** A look was not answered in time; gives the error to fail with. */
        RuntimeException unanswered();

        /** The claim's remaining life in milliseconds, negative if there is none; throws if Redis does not say. */
        long remainingLifeMillis();
    }

    private static final double SUSPICIOUS = 0.4;
    private static final long MARGIN = TimeUnit.MILLISECONDS.toNanos(5);
    /** How long a look that is due waits for one under way. */
    private static final long PATIENCE = TimeUnit.MILLISECONDS.toNanos(50);

    private static final long LONGEST_POLL = TimeUnit.SECONDS.toNanos(1);

    private final TimeSource time;
    private final Looker looker;
    private final Runnable pollFound;
    private final CompletableFuture<@Nullable Look> answer = new CompletableFuture<>();
    /** Guard: this. */
    private Look.Held held;
    /** Guard: this. When {@link #held} was seen. */
    private long seenAt;
    /** Guard: this. When the claim must have ended if it is not renewed. */
    private long claimEnd;
    /** Guard: this. Whether the exact end was asked for since {@link #seenAt}. */
    private boolean exact;
    /** Guard: this. A look is under way: a change told before its answer is older than that answer. */
    private boolean looking;
    /** Guard: this. The look under way is a poll, and no change was told since it was sent. */
    private boolean polling;
    /** Guard: this. When the look under way was sent. */
    private long lookingSince;

    private final long lookTimeout;
    /** Used by the sleeping thread only. */
    private long pollEvery;

    private long pollAt;

    Waiter(Look.Held held, TimeSource time, Settings settings, Looker looker, Runnable pollFound) {
        this.time = time;
        this.looker = looker;
        this.pollFound = pollFound;
        this.pollEvery = settings.pollEvery().toNanos();
        this.lookTimeout = settings.commandTimeout().toNanos();
        this.held = held;
        see(held);
        this.pollAt = seenAt + jittered();
    }

    private synchronized void see(Look.Held claim) {
        held = claim;
        seenAt = time.nanoTime();
        claimEnd = seenAt + TimeUnit.MILLISECONDS.toNanos(claim.leaseMillis()) + MARGIN;
        exact = false;
    }

    /** The key changed. On the thread that sees the wire. */
    void changed() {
        synchronized (this) {
            polling = false;
        }
        look(false);
    }

    /** Whether nobody sleeps on it any more. */
    boolean isOver() {
        return answer.isDone();
    }

    void look(boolean poll) {
        synchronized (this) {
            if (looking || answer.isDone()) {
                return;
            }
            looking = true;
            lookingSince = time.nanoTime();
            polling = poll;
        }
        looker.lookAgain(this);
    }

    /** The answer to a look. On the thread that sees the wire. */
    void looked(Look look) {
        boolean same;
        boolean found;
        synchronized (this) {
            looking = false;
            same = look instanceof Look.Held now && now.token().equals(held.token());
            found = polling && !same && time.nanoTime() < claimEnd - MARGIN;
            // A poll before which no change was told proves no renewal: what is known of the end stands.
            if (same && !polling) {
                see((Look.Held) look);
            }
        }
        if (found) {
            pollFound.run();
        }
        if (!same) {
            answer.complete(look);
        }
    }

    /** What is slept on stands where nobody looks any more. */
    void moved() {
        answer.complete(null);
    }

    void fail(RuntimeException error) {
        answer.completeExceptionally(error);
    }

    /** Sleeps, until the answer or until then. Null: the key stands elsewhere now. */
    @Nullable
    Look sleep(long until) throws InterruptedException {
        while (!time.await(answer, nextMoment(until))) {
            long now = time.nanoTime();
            if (now >= until) {
                return heldNow();
            }
            if (isUnanswered(now)) {
                throw looker.unanswered();
            } else if (isDue(now)) {
                look(false);
            } else if (isSuspicious(now)) {
                askForTheEnd();
            } else if (now >= pollAt) {
                pollEvery = Math.min(2 * pollEvery, Math.max(pollEvery, LONGEST_POLL));
                pollAt = now + jittered();
                look(true);
            }
        }
        return answer.join();
    }

    private synchronized Look heldNow() {
        return held;
    }

    private synchronized long nextMoment(long until) {
        long claim = looking ? time.nanoTime() + PATIENCE : exact ? claimEnd : Math.min(claimEnd, suspiciousAt());
        return Math.min(Math.min(until, pollAt), claim);
    }

    private long suspiciousAt() {
        return seenAt + (long) (SUSPICIOUS * (claimEnd - seenAt));
    }

    private synchronized boolean isUnanswered(long now) {
        return looking && now - lookingSince > lookTimeout;
    }

    private synchronized boolean isDue(long now) {
        return !looking && now >= claimEnd;
    }

    private synchronized boolean isSuspicious(long now) {
        return !looking && !exact && now >= suspiciousAt();
    }

    /** A holder that lives renews every third of its lease; this one did not, so ask how long its claim still has. */
    private void askForTheEnd() {
        long before = seen();
        long life;
        try {
            life = looker.remainingLifeMillis();
        } catch (SharedStoreUnavailableException e) {
            if (answer.isDone()) {
                return; // it was told meanwhile what it slept for
            }
            throw e;
        }
        if (life < 0) {
            look(false);
            return;
        }
        synchronized (this) {
            if (seenAt == before) {
                exact = true;
                claimEnd = time.nanoTime() + TimeUnit.MILLISECONDS.toNanos(life) + MARGIN;
            }
        }
    }

    private synchronized long seen() {
        return seenAt;
    }

    private long jittered() {
        return (long) (pollEvery * ThreadLocalRandom.current().nextDouble(0.75, 1.25));
    }
}
