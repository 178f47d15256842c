package dev.getorcreate;

/** The way to the arbiter of whoever has no claim: at most {@code maxDirect} callers of a cache at a time. */
final class Direct {

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

    /** Before what was created there goes to the arbiter: waits for the place, until then and a little longer. */
    static void beforeInsert(Bulkhead.Place place, long until) {
        if (place.created()) {
            Lent lent = Call.lendPlaces();
            try {
                place.comeBack(until);
            } finally {
                lent.takeBackAtOnce();
            }
        }
    }

    private static void enter(Tiers<?, ?> tiers, long until, Bulkhead.Place place) throws Failed {
        if (place.enterAtOnce()) {
            return;
        }
        Lent lent = Call.lendPlaces();
        boolean entered = false;
        try {
            entered = place.enter(until, Call.isNestedIn(tiers.direct()));
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
                    "cache '" + tiers.entries().name() + "': all "
                            + tiers.knobs().maxDirect()
                            + " places (maxDirect) stayed taken until the time to wait was over (waitTimeout, "
                            + tiers.knobs().waitTimeout() + "); is "
                            + (tiers.arbiter() == null ? "a creator" : "the database")
                            + " slow? Else raise maxDirect, as far as the connection pool goes",
                    null));
        }
    }
}
