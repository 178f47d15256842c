package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Watch;
import org.jspecify.annotations.Nullable;

/** A claim, and the GET behind it: the write dropped the key from tracking, and the GET registers it again. */
final class Claiming {

    private final Leases leases;
    private final Place place;
    private final Claim claim;
    private final Reply<byte[]> taking;
    private final Looking looking;
    /** Written before it is sent, by the thread that sends it; who waits learns of this object after that. */
    private long sentAt;

    /**
     * Prepares it.
     *
     * @param replacing what may stand there and be written over, or null for nothing
     */
    Claiming(Looking.Sight sight, Leases leases, Place place, Claim claim, byte @Nullable [] replacing, Watch watch) {
        long lease = claim.lease().toMillis();
        byte[] bytes = Payload.claim(claim.token(), lease);
        this.leases = leases;
        this.place = place;
        this.claim = claim;
        this.taking = replacing == null
                ? Reply.setIfAbsent(place.link().server().plainClaim(), place.whole(), bytes, lease, ignored -> {})
                : Reply.replace(place.whole(), bytes, lease, replacing);
        this.looking = new Looking(sight, place, watch, null, Looking.NOTHING_MORE);
    }

    /** In one flush. Does not block. */
    void send() {
        sentAt = place.link().now();
        leases.asking(place, claim);
        place.link().send(taking, looking.reply());
    }

    /** Is told once there is nothing more to come, be it an answer or not; on any thread. */
    void whenEnded(Runnable told) {
        var unused = looking.reply().whenComplete((bytes, error) -> told.run());
    }

    /** Waits for the answers, for at most the command time-out, the first one's counted from the sending. If it throws, the claim may have been executed. */
    Look await() {
        byte[] there;
        try {
            there = place.link().await(taking, sentAt);
        } catch (SharedStoreUnavailableException e) {
            if (Reply.isWrongType(e.getCause())) {
                leases.drop(claim.token());
                return looking.await();
            }
            throw e;
        }
        Look look = looking.await();
        if (there == null || Payload.isStampedBy(there, claim.token())) {
            leases.granted(claim);
            return Look.Granted.GRANTED;
        }
        leases.drop(claim.token());
        return look;
    }
}
