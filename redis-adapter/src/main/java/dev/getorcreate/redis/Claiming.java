package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Watch;
import io.lettuce.core.output.CommandOutput;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A claim, and if it is refused the GET that shows what stands there: one in front of it in the same flush, if that was
 * asked for and showed something; else one behind it, sent by the thread that sees the refusal. (What was written there
 * meanwhile dropped the key from tracking, and a GET registers it again.) Whoever is granted the claim reads nothing
 * before he publishes, and so needs neither.
 */
final class Claiming {

    private final Supplier<Looking> look;
    private final Leases leases;
    private final Place place;
    private final Claim claim;
    private final Reply<byte[]> taking;
    private final boolean replaces;
    private final @Nullable Looking inFront;
    /** Written before it is sent, by the thread that sends it; who waits learns of this object after that. */
    private long sentAt;
    /** Null: not refused. Written on the connection's thread before the reply to the claim completes. */
    private @Nullable Looking shows;

    /**
     * Prepares it.
     *
     * @param replacing what may stand there and be written over, or null for nothing
     * @param looksFirst whether there is a GET in front of it
     */
    Claiming(
            Looking.Sight sight,
            Leases leases,
            Place place,
            Claim claim,
            byte @Nullable [] replacing,
            boolean looksFirst,
            Watch watch) {
        long lease = claim.lease().toMillis();
        byte[] bytes = Payload.claim(claim.token(), lease);
        this.look = () -> new Looking(sight, place, watch, null, Looking.NOTHING_MORE);
        this.leases = leases;
        this.place = place;
        this.claim = claim;
        this.taking = replacing == null
                ? Reply.setIfAbsent(place.link().server().plainClaim(), place.whole(), bytes, lease, this::taken)
                : Reply.replace(place.whole(), bytes, lease, replacing, this::taken);
        this.replaces = replacing != null;
        this.inFront = looksFirst ? look.get() : null;
    }

    /** Does not block. */
    void send() {
        sentAt = place.link().now();
        leases.asking(place, claim);
        if (inFront == null) {
            place.link().send(taking);
        } else {
            place.link().send(inFront.reply(), taking);
        }
    }

    private void taken(CommandOutput<byte[], byte[], byte[]> output) {
        byte[] there = output.hasError() ? null : output.get();
        boolean granted = !output.hasError() && (there == null || Payload.isStampedBy(there, claim.token()));
        Link over = taking.link();
        if (!granted
                && inFront != null
                && inFront.hasShownSomething()
                && inFront.reply().link() == over) {
            shows = inFront;
            return;
        }
        giveUpInFront();
        if (!granted) {
            Looking behind = look.get();
            shows = behind;
            (over == null ? place.link() : over).send(behind.reply());
        }
    }

    /** If it was sent on elsewhere, it would be heard when it is about something else. */
    private void giveUpInFront() {
        if (inFront != null) {
            inFront.reply().cancel(true);
        }
    }

    /** Is told once there is nothing more to come, be it an answer or not; on any thread. */
    void whenEnded(Runnable told) {
        var unused = taking.whenComplete((bytes, error) -> {
            Looking more = shows;
            if (more == null) {
                told.run();
            } else {
                more.whenEnded(told);
            }
        });
    }

    /**
     * Waits for the answers, for at most the command time-out each, the first one's counted from the sending. If it
     * throws, the claim may have been executed. A server that refuses to write may have the record all the same, or
     * somebody's claim to wait for; what was to be replaced is neither.
     */
    Look await() {
        try {
            return answer();
        } finally {
            giveUpInFront();
        }
    }

    private Look answer() {
        SharedStoreUnavailableException error = null;
        try {
            place.link().await(taking, sentAt);
        } catch (SharedStoreUnavailableException e) {
            error = e;
        }
        Looking refusal = shows;
        if (refusal == null) {
            if (error != null) {
                return withoutAnswer(error);
            }
            leases.granted(claim);
            return Look.Granted.GRANTED;
        }
        Look there = await(refusal, error);
        if (error != null && !isAnswer(there) && !Refusals.isWrongType(error.getCause())) {
            throw error;
        }
        leases.drop(claim.token());
        return there;
    }

    /** A record that the look in front showed is one, whatever becomes of the claim. */
    private Look withoutAnswer(SharedStoreUnavailableException error) {
        if (inFront == null || !inFront.hasShownSomething()) {
            throw error;
        }
        Look there = inFront.await();
        if (!(there instanceof Look.Present)) {
            throw error;
        }
        Leases.Lease asked = leases.drop(claim.token());
        if (asked != null) {
            leases.release(asked);
        }
        return there;
    }

    private boolean isAnswer(Look there) {
        return !replaces && (there instanceof Look.Present || there instanceof Look.Held);
    }

    private static Look await(Looking refusal, @Nullable SharedStoreUnavailableException error) {
        try {
            return refusal.await();
        } catch (SharedStoreUnavailableException e) {
            throw error == null ? e : error;
        }
    }
}
