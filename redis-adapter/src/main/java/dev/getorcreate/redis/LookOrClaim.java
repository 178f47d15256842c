package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Watch;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A look, and where it shows nothing at once a claim, which the thread that sees the wire sends: whoever asked wakes once,
 * with the answer. The look's reply is held back meanwhile.
 *
 * <p>What ends the wait: the answers; the command time-out, once for the look, the claim, and the look behind a refused one;
 * the loss of the link. If the process dies in it, the claim dies by its lease.
 */
final class LookOrClaim {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private final Looking.Sight sight;
    private final RedisSharedStore store;
    private final Place place;
    private final Supplier<Claim> claim;
    private final Watch watch;
    /** Whether the space is. */
    private final BooleanSupplier closed;

    private final Looking looking;
    /** Guard: this. Nobody waits for the look any more: no claim may follow it. */
    private boolean givenUp;
    /** Guard: this. */
    private @Nullable Claiming claiming;

    LookOrClaim(
            Looking.Sight sight,
            RedisSharedStore store,
            Place place,
            Supplier<Claim> claim,
            Watch watch,
            BooleanSupplier closed) {
        this.sight = sight;
        this.store = store;
        this.place = place;
        this.claim = claim;
        this.watch = watch;
        this.closed = closed;
        this.looking = new Looking(sight, place, watch, null, this::looked);
    }

    Look run() {
        place.link().send(looking.reply());
        Look look;
        try {
            look = looking.await();
        } catch (SharedStoreUnavailableException e) {
            if (giveUp() == null) {
                throw e;
            }
            look = Look.Nothing.NOTHING; // the claim is on its way, and has a time-out of its own
        } catch (RuntimeException | Error e) { // such as of a pool that cannot replace a worker who sleeps
            var unused = giveUp(); // whoever asked withdraws the one that was sent
            throw e;
        }
        Claiming following = giveUp();
        return following == null ? look : following.await();
    }

    /** From here on, no claim is sent. Gives the one that was. */
    private synchronized @Nullable Claiming giveUp() {
        givenUp = true;
        return claiming;
    }

    /** On the thread that sees the wire. */
    private void looked(Look look) {
        if (look instanceof Look.Nothing) {
            Claiming sent = claimIfItMay();
            if (sent != null) {
                sent.whenEnded(looking.reply()::handOver);
            }
        }
    }

    /**
     * Null also where the space was closed, or given another generation, or there is no way to send it: then whoever asked
     * claims by itself, and meets that.
     */
    private synchronized @Nullable Claiming claimIfItMay() {
        if (givenUp || closed.getAsBoolean() || !sight.generations().isCurrent(place.generation())) {
            return null;
        }
        Claim mine = claim.get();
        try {
            // Where to is looked up again: the look may have been redirected.
            Link link = store.link(place.whole());
            Place now = new Place(place.key(), place.generation(), place.whole(), link, place.owed());
            Claiming next = new Claiming(sight, store.leases(), now, mine, null, false, watch);
            looking.reply().holdBack(true);
            next.send();
            claiming = next;
            return next;
        } catch (RuntimeException e) {
            looking.reply().holdBack(false);
            LOG.log(System.Logger.Level.DEBUG, "a claim could not be sent", e);
            var unused = store.leases().drop(mine.token());
            return null;
        }
    }
}
