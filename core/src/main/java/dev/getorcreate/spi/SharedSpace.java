package dev.getorcreate.spi;

import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import java.time.Duration;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One cache's part of the shared store. Methods block for at most about the command time-out for each of the few commands
 * that they wait for, but for {@link #next}.
 * Those that ask throw {@link SharedStoreUnavailableException} where the store is out of reach, slow or refuses.
 */
public interface SharedSpace<K> extends AutoCloseable {

    /** One tracked read, no write. Never {@link Look.Granted}. */
    Look look(K key, Watch watch);

    /**
     * As {@link #look}; and where that shows nothing, {@link #claim} follows at once, so that whoever asks need not wake in
     * between. Both are steps of their own, and somebody else may act between them. A store may also send the claim along,
     * which is refused where something stands.
     *
     * @param claim gives what to claim by, on any thread, at most once; not any more when this method has ended
     */
    default Look lookOrClaim(K key, Supplier<Claim> claim, Watch watch) {
        Look seen = look(key, watch);
        return seen instanceof Look.Nothing ? claim(key, claim.get(), null, watch) : seen;
    }

    /**
     * One atomic step: writes the claim if nothing stands there, or if exactly {@code replacing} does. If it is refused, it
     * looks, so that later changes are told.
     *
     * @param replacing the {@code seen} of an undecodable payload or a failure mark to be claimed over (empty: a key of
     *     another type), or null
     */
    Look claim(K key, Claim claim, byte @Nullable [] replacing, Watch watch);

    /**
     * Sleeps on somebody else's claim until it is renewed no more, gone, or replaced, by another claim too, and has
     * already looked again when it returns. A renewal does not end the sleep. What does: a change told by the store; the
     * end of the claim's lease; the poll that is the net for changes that were not told; {@code until}; {@link #close};
     * the loss of the connection.
     *
     * @param held what the last look showed
     * @param until when to give up, on the {@link TimeSource}'s clock
     * @return what stands there now; the {@link Look.Held} of the same token only at {@code until}
     */
    Look next(K key, Look.Held held, long until, Watch watch) throws InterruptedException;

    /**
     * One atomic step: replaces the claim by the record if, and only if, the claim is still there; then looks. The
     * {@code watch} is told only if that look showed this very record. The claim is renewed no more, whatever happens.
     *
     * <p>A record that is too large for the store is not written; the claim is released then, so that those who wait for
     * it go on.
     */
    Published publish(K key, Claim claim, byte[] payload, Duration timeToLive, Watch watch);

    /**
     * One atomic step: takes the claim back if, and only if, it is still there; or replaces it by a failure mark with its
     * token. Does not wait for the answer. Never throws.
     *
     * @param failure what the mark says; null: leave none
     */
    void release(K key, Claim claim, @Nullable Failure failure);

    /** Removes what stands there, record, claim or mark, so that whoever holds that claim cannot publish. Never throws. */
    Invalidation invalidate(K key);

    /** As {@link #invalidate}, of every key of this space, in one step whatever their number. Never throws. */
    Invalidation invalidateAll();

    /** How many polls found a change that the store had not told of: a net that works all the time is noticed by it. */
    long pollsThatFound();

    /**
     * Ends every wait with {@link dev.getorcreate.CacheClosedException} and refuses looks and claims; claims that were
     * granted can still be published and released.
     */
    @Override
    void close();
}
