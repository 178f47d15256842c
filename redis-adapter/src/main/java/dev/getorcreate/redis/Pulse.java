package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.output.CommandOutput;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.Function;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/** Whether the server at the end of a link answers: its PINGs, what they prove, and what is to be thought meanwhile. */
final class Pulse {

    /** What a server is asked before each PING, and whether the PING proves anything after that answer. */
    record Soundness(
            Function<Consumer<CommandOutput<byte[], byte[], String>>, Reply<String>> question,
            Predicate<String> isProven) {}

    /** Longer than a server is busy with something else; as long as it is believed in, entries read over it are served. */
    private static final long PATIENCE = TimeUnit.SECONDS.toNanos(5);

    /** A PING that is answered later than this counts as unanswered. */
    private static final long LATE = TimeUnit.SECONDS.toNanos(2);

    private static final String PONG = "PONG";

    private final Link link;
    private final Tracking tracking;
    private final Settings settings;
    private final TimeSource time;
    /** Guard: volatile. A command timed out; nothing more is asked until a PING is answered. */
    private volatile boolean suspect;
    /** Guard: this. PINGs sent since the newest answer. */
    private int unanswered;
    /** Guard: this. When the first of these was sent. */
    private long unansweredSince;
    /** Guard: volatile, written under this. When the newest request was sent whose answer says that the server lived. */
    private volatile long aliveAt;
    /** Guard: volatile. */
    private volatile Runnable beforeReads = () -> {};
    /** Guard: volatile; set before the link is handed out. */
    private volatile @Nullable Soundness soundness;

    Pulse(Link link, Tracking tracking, Settings settings, TimeSource time) {
        this.link = link;
        this.tracking = tracking;
        this.settings = settings;
        this.time = time;
        this.aliveAt = time.nanoTime(); // it is not armed yet
    }

    void proves(Soundness how) {
        soundness = how;
    }

    /** What is sent, once the link answers again, before anything is read over it. */
    void beforeReads(Runnable task) {
        beforeReads = task;
    }

    /** Sends a PING. */
    void ask() {
        long sentAt = time.nanoTime();
        synchronized (this) {
            unanswered++;
            unansweredSince = unanswered == 1 ? sentAt : unansweredSince;
        }
        Soundness sound = soundness;
        AtomicBoolean proves = new AtomicBoolean(true);
        Reply<String> ping = Reply.ping(output -> {
            if (!output.hasError() && !PONG.equals(output.get())) {
                link.giveUp("a PING was answered by something else, as if by another command's reply");
                return;
            }
            // Too late to prove anything, and for a connection that lost commands on its way it is so for ever.
            if (time.nanoTime() - sentAt > LATE) {
                return;
            }
            // A server that may not write refuses PING, and still answers reads: that proves nothing, and is no
            // silence.
            answered(sentAt, proves.get() && !output.hasError());
        });
        if (sound == null) {
            link.send(ping);
        } else {
            Reply<String> asked = sound.question()
                    .apply(said ->
                            proves.set(said.hasError() || sound.isProven().test(String.valueOf(said.get()))));
            link.send(asked, ping);
        }
    }

    private void answered(long sentAt, boolean proven) {
        synchronized (this) {
            unanswered = 0;
        }
        if (proven) {
            tracking.pong(sentAt);
            alive(sentAt);
        }
        beforeReads.run();
        suspect = false;
    }

    /** A request that was sent then, or later, was answered as by a server that is what it should be. */
    synchronized void alive(long sentAt) {
        if (sentAt - aliveAt > 0) {
            aliveAt = sentAt;
        }
    }

    /**
     * When the server is last known to have lived, whatever became of the link: a loss may be noticed much later than it
     * happened, by a process that was stopped.
     */
    long aliveAt() {
        return aliveAt;
    }

    /**
     * A request was not answered in time: nothing more is asked until a PING is answered, which the first one sends. For the
     * others there are the ticks: as many PINGs as callers who timed out would each be followed by what waits for them.
     *
     * @return whether nobody had noticed before
     */
    boolean doubt() {
        boolean first = !suspect;
        suspect = true;
        // The first one's may have been answered just before this one's doubt, which nothing would end then.
        if (first || isAllAnswered()) {
            ask();
        }
        return first;
    }

    private synchronized boolean isAllAnswered() {
        return unanswered == 0;
    }

    boolean isSuspect() {
        return suspect;
    }

    /** Whether the next answer is waited for. */
    synchronized boolean isInDoubt() {
        return suspect || unanswered > 0;
    }

    /**
     * Whether PINGs stayed unanswered for so long that the connection must be given up. A single one does not count: this
     * process may have been stopped, and its answer wait to be read.
     */
    synchronized boolean isSilent() {
        long patience = Math.min(settings.maxStaleness().toNanos(), PATIENCE)
                + settings.commandTimeout().toNanos();
        return unanswered > 1 && time.nanoTime() - unansweredSince > patience;
    }
}
