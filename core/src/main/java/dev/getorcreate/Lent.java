package dev.getorcreate;

import java.util.ArrayList;
import java.util.List;

/**
 * The places at arbiters that a thread lends while it sleeps on what others do: those of all the caches whose creators it
 * is inside of. Whoever it waits for may be queueing for any of them.
 *
 * <p>It comes back by waiting for one place, and takes its others with it: whoever waited for a place while it has another
 * might wait for one who does the same the other way round. So a cache's arbiter may meet more than {@code maxDirect}
 * callers, by at most as many as there are places at the other caches that they came through.
 */
final class Lent {

    static final Lent NOTHING = new Lent(List.of());

    private final List<Bulkhead.Place> places;

    private Lent(List<Bulkhead.Place> places) {
        this.places = places;
    }

    /** These, and this one, if it is held. */
    Lent and(Bulkhead.Place place) {
        if (!place.lend()) {
            return this;
        }
        List<Bulkhead.Place> more = new ArrayList<>(places);
        more.add(place);
        return new Lent(more);
    }

    /** Waits for the first that is needed, until then and a little longer, and has all. */
    void takeBack(long until) {
        int back = 0;
        try {
            boolean waited = false;
            while (back < places.size() && !waited) {
                waited = places.get(back++).comeBack(until);
            }
        } finally {
            places.subList(back, places.size()).forEach(Bulkhead.Place::comeBackAtOnce);
        }
    }

    /** Behind a wait for a place at another cache. */
    void takeBackAtOnce() {
        places.forEach(Bulkhead.Place::comeBackAtOnce);
    }
}
