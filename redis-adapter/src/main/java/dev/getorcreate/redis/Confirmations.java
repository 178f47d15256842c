package dev.getorcreate.redis;

import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.LinkedHashMap;
import java.util.List;
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

    /** Of a key, or (null) of the whole cache; which of them, over which link, and when. */
    record Confirmed(RedisSpace<?> space, Invalidations.@Nullable Key key, long number, Link over, long at) {
        /** The server lived on for so long after it that any replica has it; or nobody ever asks again who took over. */
        private boolean isOld() {
            return age() > REMEMBERED || over.home().isClosed();
        }

        private long age() {
            return over.pulse().aliveAt() - at;
        }

        private Confirmed goingOn(Link fresh) {
            return new Confirmed(space, key, number, fresh, fresh.pulse().aliveAt() - age());
        }
    }

    /** What one of a whole cache is remembered by: what another server may have missed, it does not stand for. */
    private record Whole(RedisSpace<?> space, Link over) {}

    private final int most;
    /** The oldest first. */
    private final Map<Invalidations.Key, Confirmed> keys = new LinkedHashMap<>();

    private final Map<Whole, Confirmed> wholes = new HashMap<>();

    /**
     * Remembers none yet.
     *
     * @param most how many keys are remembered each; past that, their caches stand for the oldest of them
     */
    Confirmations(int most) {
        this.most = most;
    }

    void add(Confirmed one) {
        if (one.key() == null) {
            addWhole(one);
            return;
        }
        Confirmed before = keys.get(one.key());
        if (before != null && before.number() > one.number()) {
            return; // answered late: the newer one stands for it
        }
        keys.remove(one.key()); // the newest last
        keys.put(one.key(), one);
        Iterator<Confirmed> oldest = keys.values().iterator();
        Confirmed first = oldest.next();
        while (first.isOld() && oldest.hasNext()) {
            oldest.remove();
            first = oldest.next();
        }
        if (keys.size() > most) {
            oldest.remove();
            addWhole(new Confirmed(first.space(), null, first.number(), first.over(), first.at()));
        }
    }

    private void addWhole(Confirmed one) {
        wholes.values().removeIf(Confirmed::isOld);
        // One of a key that was too many is older than one that was confirmed for the whole cache since.
        var unused = wholes.merge(
                new Whole(one.space(), one.over()), one, (before, now) -> now.at() - before.at() < 0 ? before : now);
    }

    /** Gives each, for good, that went over a link which is gone and that a replica may have missed. */
    void takeMissed(Predicate<Link> gone, Consumer<Confirmed> missed) {
        takeMissed(wholes.values(), gone, missed);
        takeMissed(keys.values(), gone, missed);
    }

    /**
     * The server that these links led to is the same one still, and the fresh link leads there: what went over them grows
     * older again. The time between does not count, for what cut this process off may have cut off its replicas too.
     */
    void goOn(Predicate<Link> before, Link fresh) {
        keys.replaceAll((key, one) -> before.test(one.over()) ? one.goingOn(fresh) : one);
        List<Confirmed> all = List.copyOf(wholes.values());
        wholes.clear();
        all.forEach(one -> addWhole(before.test(one.over()) ? one.goingOn(fresh) : one));
    }

    private static void takeMissed(Collection<Confirmed> from, Predicate<Link> gone, Consumer<Confirmed> missed) {
        from.removeIf(one -> {
            boolean taken = gone.test(one.over()) && !one.isOld();
            if (taken) {
                missed.accept(one);
            }
            return taken;
        });
    }
}
