package dev.getorcreate.redis;

import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Invalidations that were confirmed in the last seconds: a promoted replica may have missed them. Guard: their owner's
 * lock, for all of it.
 */
final class Confirmations {

    /** How long a confirmed one is sent again after a failover; a replica that lags further has other troubles. */
    private static final long REMEMBERED = TimeUnit.SECONDS.toNanos(10);

    /** Of a key, or (null) of the whole cache; over which link, and when. */
    record Confirmed(RedisSpace<?> space, Invalidations.@Nullable Key key, Link over, long at) {
        /** Confirmed so long before the link was lost that any replica has it; or the link is well. */
        private boolean isOld() {
            return over.usedSince(at) > REMEMBERED;
        }
    }

    private final int most;
    /** By key, or by space for a whole cache; the oldest first. */
    private final Map<Object, Confirmed> recent = new LinkedHashMap<>();

    Confirmations(int most) {
        this.most = most;
    }

    void add(Confirmed one) {
        Object what = one.key() == null ? one.space() : one.key();
        recent.remove(what); // the newest last
        recent.put(what, one);
        Iterator<Confirmed> oldest = recent.values().iterator();
        Confirmed first = oldest.next();
        while (first.isOld() && oldest.hasNext()) {
            oldest.remove();
            first = oldest.next();
        }
        if (recent.size() > most) {
            // Too many to remember each: the whole cache stands for this one.
            oldest.remove();
            recent.remove(first.space());
            recent.put(first.space(), new Confirmed(first.space(), null, first.over(), first.at()));
        }
    }

    /** Gives each, for good, that went over a link which is gone and that a replica may have missed. */
    void takeMissed(Predicate<Link> gone, Consumer<Confirmed> missed) {
        recent.values().removeIf(one -> {
            boolean taken = gone.test(one.over()) && !one.isOld();
            if (taken) {
                missed.accept(one);
            }
            return taken;
        });
    }
}
