package dev.getorcreate;

import java.util.concurrent.TimeUnit;

/** The way to the arbiter of whoever has no claim: at most {@code maxDirect} callers of a cache at a time. */
final class Direct {

    /** One whose time is over still gets a short turn: the arbiter's answer is what it waited for. */
    static final long GRACE = TimeUnit.SECONDS.toNanos(1);

    private Direct() {}

    /** Waits for a place, until then and a little longer. The place is given back whatever happens. */
    static <T> T run(Tiers<?, ?> tiers, long until, Step<T> step) throws Failed {
        if (tiers.direct().isInside()) {
            return step.run(); // a creator that asks for another key
        }
        try {
            enter(tiers, until);
            tiers.entries().requireOpen(); // it may have waited for longer than whoever closed the cache
            return step.run();
        } finally {
            tiers.direct().leave();
        }
    }

    private static void enter(Tiers<?, ?> tiers, long until) throws Failed {
        if (tiers.direct().enterAtOnce()) {
            return;
        }
        long grace = tiers.time().nanoTime() + GRACE;
        Lent lent = Call.lendPlaces();
        boolean entered = false;
        try {
            entered = tiers.direct().enter(Math.max(until, grace), Call.isNestedIn(tiers.direct()));
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
