package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Says in the log that a server was lost, that it still is away, and that it is back: callers may notice none of it. */
final class Outage {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private static final long SAY_SILENCE_EVERY = TimeUnit.SECONDS.toNanos(10);

    private final TimeSource time = TimeSource.system();
    private final String where;
    private final long sayEvery;
    /** Guard: this. Null: there is none. */
    private @Nullable Long since;
    /** Guard: this. When something was said of it last. */
    private long said;
    /** Guard: this. When its silence was said last; null: never. */
    private @Nullable Long silenceSaid;
    /** Guard: this. Why it refused the connection last. */
    private @Nullable String refusal;

    Outage(String where) {
        this(where, TimeUnit.MINUTES.toNanos(1));
    }

    Outage(String where, long sayEvery) {
        this.where = where;
        this.sayEvery = sayEvery;
    }

    /** It begins, and that was said already. */
    synchronized void begin() {
        long now = time.nanoTime();
        since = now;
        said = now;
    }

    /** It begins by itself: nobody of this process ended the connection. */
    void lost() {
        begin();
        LOG.log(
                System.Logger.Level.WARNING,
                "lost the connection to " + where + "; connecting again, and meanwhile caches do without it");
    }

    /** It did not answer in time, over a connection that is there. Said now and then, however often it happens. */
    synchronized void silent() {
        Long before = silenceSaid;
        long now = time.nanoTime();
        if (before == null || now - before >= SAY_SILENCE_EVERY) {
            silenceSaid = now;
            LOG.log(
                    System.Logger.Level.WARNING,
                    where + " did not answer in time (commandTimeout): it is slow or cut off, or this JVM was paused;"
                            + " it is asked again once a PING is answered");
        }
    }

    /** An attempt failed. A refusal is said once for each reason, and all else now and then. */
    synchronized void goesOn(Throwable error) {
        Throwable refused = Refusals.in(error);
        String reason = refused == null ? null : String.valueOf(refused.getMessage());
        if (reason != null && !reason.equals(refusal)) {
            refusal = reason; // also beyond an attempt that fails otherwise, for they may alternate
            LOG.log(System.Logger.Level.WARNING, where + " refuses the connection: " + reason);
        }
        Long began = since;
        if (began != null && time.nanoTime() - said >= sayEvery) {
            said = time.nanoTime();
            LOG.log(
                    System.Logger.Level.WARNING,
                    where + " is still away after "
                            + Duration.ofNanos(said - began).toSeconds() + " s: " + Refusals.root(error));
        }
    }

    /** Connected, for the first time or again. */
    synchronized void end() {
        Long began = since;
        since = null;
        refusal = null;
        LOG.log(
                System.Logger.Level.INFO,
                began == null
                        ? "connected to " + where
                        : "connected to " + where + " again, after "
                                + Duration.ofNanos(time.nanoTime() - began).toMillis() + " ms");
    }
}
