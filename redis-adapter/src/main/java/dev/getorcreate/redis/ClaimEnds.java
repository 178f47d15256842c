package dev.getorcreate.redis;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Watch;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** How the claims of one space end: by a record, by a failure mark, or given back. From the first word on, none is renewed. */
final class ClaimEnds {

    private final RedisSharedStore store;
    private final Looking.Sight sight;
    private final Records records;

    ClaimEnds(RedisSharedStore store, Looking.Sight sight, Records records) {
        this.store = store;
        this.sight = sight;
        this.records = records;
    }

    /** Replaces the claim, if it still stands there, by the record. */
    Published publish(Claim claim, byte[] payload, Duration timeToLive, Watch watch) {
        Leases.Lease lease = store.leases().drop(claim.token());
        if (lease == null) {
            return Published.REJECTED; // its renewal was refused
        }
        try {
            return publish(lease, claim.token(), payload, timeToLive, watch);
        } catch (RuntimeException | Error e) {
            store.leases().release(lease); // no effect if it was published: what stands there is no claim then
            throw e;
        }
    }

    private Published publish(Leases.Lease lease, Token token, byte[] payload, Duration timeToLive, Watch watch) {
        Generation now = sight.generations().current();
        if (!now.isSameAs(lease.place.generation())) {
            store.leases().release(lease);
            return Published.REJECTED; // the whole cache was invalidated meanwhile
        }
        byte[] whole = lease.place.whole();
        Place place = new Place(lease.place.key(), now, whole, store.link(whole));
        long heldMillis = lease.heldNanos(store.time().nanoTime()) / 1_000_000;
        byte[] record = records.write(token, store.time().epochMillis(), heldMillis, payload);
        if (record == null) {
            store.leases().release(lease);
            return Published.OVERSIZED;
        }
        return ClaimEnd.publish(
                        place,
                        token,
                        record,
                        timeToLive,
                        () -> new Looking(sight, place, watch, token, Looking.NOTHING_MORE))
                ? Published.PUBLISHED
                : Published.REJECTED;
    }

    /** Takes it back, or leaves a failure mark. Waits for nothing. */
    void release(Claim claim, @Nullable Failure failure) {
        Leases.Lease lease = store.leases().drop(claim.token());
        if (lease == null) {
            return; // lost, or never sent
        }
        if (failure == null) {
            store.leases().release(lease);
            return;
        }
        byte[] whole = lease.place.whole();
        try {
            ClaimEnd.fail(store.link(whole), whole, claim.token(), failure, mark -> store.leases()
                    .ifLost(mark, lease));
        } catch (RuntimeException | Error e) {
            store.leases().release(lease); // without its mark: that would come late
            if (e instanceof Error) {
                throw e;
            }
        }
    }
}
