package dev.getorcreate;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Token;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** The claim of one resolution, from asking for it to giving it back. */
final class OwnClaim<K, V> {

    private final Tiers<K, V> tiers;
    private final K key;
    private final Flight<V> flight;

    /** Guard: taken out by exactly one: the leader to publish or release it, or whoever lets it go. */
    private final AtomicReference<@Nullable Claim> held = new AtomicReference<>();

    /** Guard: atomic. The newest that was asked for, until it is taken or withdrawn: what may be lost. */
    private final AtomicReference<@Nullable Claim> asked = new AtomicReference<>();

    OwnClaim(Tiers<K, V> tiers, K key, Flight<V> flight) {
        this.tiers = tiers;
        this.key = key;
        this.flight = flight;
    }

    /** Looks, and claims at once if nothing stands there. */
    Look lookOrAsk(SharedSpace<K> shared) {
        asked.set(null);
        try {
            return answered(shared.lookOrClaim(key, this::next, flight));
        } catch (RuntimeException | Error e) {
            withdraw(shared);
            throw e;
        }
    }

    Look ask(SharedSpace<K> shared, byte @Nullable [] replacing) {
        try {
            return answered(shared.claim(key, next(), replacing, flight));
        } catch (RuntimeException | Error e) {
            withdraw(shared);
            throw e;
        }
    }

    /** On any thread, while the leader waits. */
    private Claim next() {
        Token token = Token.random();
        Claim claim = new Claim(token, tiers.knobs().lease(), () -> lost(token));
        asked.set(claim);
        return claim;
    }

    private Look answered(Look look) {
        if (look instanceof Look.Granted) {
            held.set(asked.get());
        }
        return look;
    }

    /** It may have been executed, or be executed late. Nothing is published under it. */
    private void withdraw(SharedSpace<K> shared) {
        Claim claim = asked.getAndSet(null);
        if (claim != null) {
            shared.release(key, claim, null);
        }
    }

    /** For publishing under it; null if it was let go. */
    @Nullable
    Claim take() {
        Claim claim = held.getAndSet(null);
        if (claim != null) {
            asked.compareAndSet(claim, null);
        }
        return claim;
    }

    /** Gives it back, if it is held. Any thread. */
    void release(@Nullable Failure failure) {
        Claim claim = take();
        if (claim != null && tiers.shared() != null) {
            tiers.shared().release(key, claim, failure);
        }
    }

    /**
     * On the shared store's thread: a renewal was refused, so somebody else may be creating. The leader may not have heard
     * of the grant yet.
     */
    private void lost(Token token) {
        Claim claim = asked.get();
        if (claim != null && claim.token().equals(token)) {
            tiers.entries().unlink(key, flight); // first: the listener may take its time
            tiers.counters().claimLost();
        }
    }
}
