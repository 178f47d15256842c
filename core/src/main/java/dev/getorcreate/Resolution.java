package dev.getorcreate;

import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Token;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * One resolution of a key, led by the thread that started its flight: look, claim or wait, create under the claim,
 * publish. It is linear and blocking, so that the caller's thread locals and transactions reach its creator and a stack
 * trace tells the whole story. If the process dies in it, the claim dies by its lease, and a row that was inserted is
 * found by whoever asks next.
 */
final class Resolution<K, V> {

    /** Without an arbiter a rejected publish means another round; more often than this, leases are too short. */
    private static final int MAX_LOST = 3;

    private final Tiers<K, V> tiers;
    private final K key;
    private final Flight<V> flight;
    private final Maker<K, V> maker;
    private final long until;
    private final OwnClaim<K, V> claim;
    private final Landing<K, V> landing;
    private final Thread leader = Thread.currentThread();
    /** Whose claims this flight slept on. Used by the leader only. */
    private Set<Token> waitedFor = Set.of();

    Resolution(Tiers<K, V> tiers, K key, Creator<? super K, ? extends V> creator, Flight<V> flight, long until) {
        this.tiers = tiers;
        this.key = key;
        this.flight = flight;
        this.maker = new Maker<>(tiers, key, creator);
        this.claim = new OwnClaim<>(tiers, key, flight);
        this.landing = new Landing<>(tiers, key, flight, claim);
        this.until = until;
    }

    /** Runs to the end; whatever happens, the flight is completed, and unlinked unless it may be kept. */
    Outcome<V> run() {
        try {
            return answered(tiers.shared() == null ? alone() : together(tiers.shared()));
        } catch (Failed e) {
            if (!e.leaderOnly) {
                landing.fail(e.error, e.mark(tiers.knobs().failureHold()));
            }
            throw e.error;
        } catch (RuntimeException e) {
            landing.fail(e, null);
            throw e;
        } finally {
            // After an interrupt or an Error, which are the leader's alone. After all else this does nothing.
            letGo();
        }
    }

    private Outcome<V> together(SharedSpace<K> shared) throws Failed {
        try {
            return resolve(shared);
        } catch (SharedStoreUnavailableException e) {
            tiers.counters().sharedStoreError(e);
            return direct(e);
        }
    }

    /** The protocol's one resolution. Only the shared store's own errors leave it unwrapped. */
    private Outcome<V> resolve(SharedSpace<K> shared) throws Failed {
        int lost = 0;
        Look look = claim.lookOrAsk(shared);
        for (int asked = 1; ; asked++) {
            V value = look instanceof Look.Present present ? tiers.decode(present) : null;
            if (value != null) {
                return landing.keep(new Outcome<>(value, waitedFor.isEmpty() ? Source.SHARED : Source.WAITED));
            }
            if (asked > 2 && hasNobodyToWaitFor(look) && tiers.time().nanoTime() >= until) {
                return overtime(); // others claim, let go or write again and again, each before this one's turn
            }
            if (look instanceof Look.Present undecodable) {
                flight.reopen();
                look = claim.ask(shared, undecodable.seen());
            } else if (look instanceof Look.Unreadable unreadable) {
                tiers.undecodable(unreadable);
                flight.reopen();
                look = claim.ask(shared, unreadable.seen());
            } else if (look instanceof Look.Failed mark) {
                if (waitedFor.contains(mark.token())) {
                    throw Failed.elsewhere(mark);
                }
                look = claim.ask(shared, mark.seen());
            } else if (look instanceof Look.Held other) {
                look = waitFor(shared, other);
                if (look instanceof Look.Held now && now.token().equals(other.token())) {
                    return overtime();
                }
            } else if (look instanceof Look.Granted) {
                flight.reopen(); // it may have been told of a record that was gone when the claim came
                Outcome<V> made = createUnderClaim(shared);
                if (made != null) {
                    return made;
                }
                if (++lost == MAX_LOST) {
                    throw Failed.forAll(new CreationFailedException(
                            "the claim was lost " + MAX_LOST + " times before the record could be published; is the"
                                    + " lease too short, or the key being invalidated all the time?",
                            null));
                }
                look = claim.lookOrAsk(shared);
            } else {
                look = claim.ask(shared, null);
            }
        }
    }

    private static boolean hasNobodyToWaitFor(Look look) {
        return !(look instanceof Look.Held || look instanceof Look.Granted);
    }

    private Look waitFor(SharedSpace<K> shared, Look.Held other) throws Failed {
        if (waitedFor.isEmpty()) {
            waitedFor = new HashSet<>(1);
        }
        waitedFor.add(other.token());
        Lent lent = Call.lendPlaces();
        try {
            return shared.next(key, other, until, flight);
        } catch (InterruptedException e) {
            throw Failed.interrupted(e);
        } finally {
            lent.takeBack(until);
        }
    }

    /** Null: without an arbiter, and not published. */
    private @Nullable Outcome<V> createUnderClaim(SharedSpace<K> shared) throws Failed {
        Encoded<V> encoded = inTime(null, this::makeAndEncode);
        Outcome<V> made = encoded.made().outcome();
        Published published;
        try {
            published = landing.publish(shared, encoded.payload());
        } catch (SharedStoreUnavailableException e) {
            tiers.counters().sharedStoreError(e);
            requireServableWithoutShared(e);
            return tiers.arbiter() == null
                    ? landing.drop(made)
                    : landing.keepUnvouched(made, encoded.made().readAt());
        }
        if (published == Published.PUBLISHED) {
            return landing.keep(made);
        }
        // What is too large is not made again: the next one would be as large.
        return tiers.arbiter() == null && published == Published.REJECTED ? null : landing.drop(made);
    }

    /** The shared store is out of reach. */
    private Outcome<V> direct(SharedStoreUnavailableException why) throws Failed {
        requireServableWithoutShared(why);
        return atArbiter(true);
    }

    private void requireServableWithoutShared(SharedStoreUnavailableException why) throws Failed {
        if (tiers.arbiter() == null && tiers.knobs().whenSharedDown() == WhenSharedDown.FAIL) {
            throw Failed.forAll(tiers.undecided(why, "add one, or take whenSharedDown(CREATE)"));
        }
    }

    /** Others took all of this caller's time. */
    private Outcome<V> overtime() throws Failed {
        if (tiers.arbiter() == null) {
            throw Failed.leaderOnly(timeout());
        }
        return atArbiter(false);
    }

    WaitTimeoutException timeout() {
        return new WaitTimeoutException(
                "cache '" + tiers.entries().name() + "': waited for "
                        + tiers.knobs().waitTimeout() + " for somebody else's creation, and there is no arbiter to ask"
                        + " instead; is the creator slow, or its process frozen? Else raise waitTimeout",
                null);
    }

    /** Without a claim: at most {@code maxDirect} at a time, and published nowhere. */
    private Outcome<V> atArbiter(boolean away) throws Failed {
        // Many whose time is over would create the same key: they keep their places until they are late.
        boolean apart = away && tiers.arbiter() != null;
        Maker.Made<V> made = Direct.run(tiers, until, place -> inTime(place, () -> maker.makeAt(place, apart, until)));
        // Without the place, for this answers callers who may do as they like.
        return apart ? landing.keepUnvouched(made.outcome(), made.readAt()) : landing.drop(made.outcome());
    }

    /** For a caller whose wait for others is over: outside of the flight it had joined. */
    Outcome<V> runOvertime() {
        try {
            return answered(overtime());
        } catch (Failed e) {
            throw e.error;
        } finally {
            letGo(); // nobody joined, but who closes the cache waits for its end
        }
    }

    private Outcome<V> answered(Outcome<V> outcome) {
        tiers.counters().answered(outcome.source());
        return outcome;
    }

    /** There is no shared store. */
    private Outcome<V> alone() throws Failed {
        Maker.Made<V> made = inTime(null, maker::make);
        return landing.keepUnvouched(made.outcome(), made.readAt());
    }

    /** User code that makes: the creator, the arbiter, the codec. What hangs is let go at {@code maxCreationTime}. */
    private <T> T inTime(Bulkhead.@Nullable Place place, Step<T> step) throws Failed {
        CompletableFuture<?> overdue =
                tiers.time().after(tiers.knobs().maxCreationTime().toNanos(), () -> overdue(place));
        try {
            return step.run();
        } finally {
            overdue.cancel(false);
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // handed on at once; compared by nobody
    private record Encoded<V>(Maker.Made<V> made, byte[] payload) {}

    private Encoded<V> makeAndEncode() throws Failed {
        Maker.Made<V> made = maker.make();
        return new Encoded<>(made, tiers.encode(made.outcome().value()));
    }

    /** On the clock's thread. */
    private void overdue(Bulkhead.@Nullable Place place) {
        if (place != null) {
            place.late(); // first: whoever is let go may come for it
        }
        letGo();
        tiers.counters().overdue();
    }

    /** As {@link Landing#letGo}. */
    void letGo() {
        landing.letGo();
    }

    /** Whether the calling thread is inside of it, and so cannot wait for it. */
    boolean isLedHere() {
        return leader == Thread.currentThread();
    }

    /** Completed when it has answered, failed, or been let go. */
    CompletableFuture<?> end() {
        return flight;
    }
}
