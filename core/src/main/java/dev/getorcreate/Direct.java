package dev.getorcreate;

import java.util.concurrent.TimeUnit;

/** The way to the arbiter of whoever has no claim: at most {@code maxDirect} callers of a cache at a time. */
final class Direct {

    /** One whose time is over still gets a short turn: the arbiter's answer is what it waited for. */
    private static final long GRACE = TimeUnit.SECONDS.toNanos(1);

    /** What is done there. */
    @FunctionalInterface
    interface AtArbiter<T> {
        T run(Bulkhead.Place place) throws Failed;
    }

    private Direct() {}

    /** Waits for a place, until then and a little longer. The place is given back whatever happens. */
    static <T> T run(Tiers<?, ?> tiers, long until, AtArbiter<T> step) throws Failed {
        Bulkhead.Place place = tiers.direct().place(Call.placeAt(tiers.direct()));
        Call.setPlace(place);
        try {
            enter(tiers, until, place);
            tiers.entries().requireOpen(); // it may have waited for longer than whoever closed the cache
            return step.run(place);
        } finally {
            place.leave();
            Call.setPlace(null);
        }
    }

    /** Until when to wait for a place that is needed. */
    static long patience(Tiers<?, ?> tiers, long until) {
        return Math.max(until, tiers.time().nanoTime() + GRACE);
    }

    private static void enter(Tiers<?, ?> tiers, long until, Bulkhead.Place place) throws Failed {
        if (place.enterAtOnce()) {
            return;
        }
        long patience = patience(tiers, until);
        Lent lent = Call.lendPlaces();
        boolean entered = false;
        try {
            entered = place.enter(patience, Call.isNestedIn(tiers.direct()));
        } catch (InterruptedException e) {
            throw Failed.interrupted(e);
        } finally {
            if (entered) {
                lent.takeBackAtOnce();
            } else {
                lent.takeBack(until);
            }
        }
        if (!entered) {
            throw Failed.leaderOnly(new WaitTimeoutException(
                    "waited for one of the " + tiers.knobs().maxDirect()
                            + " places (maxDirect) at the arbiter, which all stayed taken",
                    null));
        }
    }
}
