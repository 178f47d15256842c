package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import java.util.concurrent.TimeUnit;

/**
 * The epoch of the view of a cluster that is believed. A lower one is the view of a node that has not heard the news, and
 * one of a node of ours without any that was there is another cluster's; but if all views are such, and stay so, the cluster was made anew. Guard: its owner's lock, for all of it.
 */
final class Epoch {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    /** As many views in a row, over as long, are no late news: nodes tell one another in about a second. */
    private static final int MOST_REFUSED = 10;

    private static final long LATE = TimeUnit.SECONDS.toNanos(2);

    private final TimeSource time = TimeSource.system();
    private long current = -1;
    private int refused;
    /** When the first of these was. */
    private long refusedSince;

    boolean isNews(long seen) {
        return seen > current;
    }

    /**
     * Whether a view is to be refused that was seen while there are others to be had.
     *
     * @param related whether it may be of the cluster that is meant; of another one the epoch says nothing
     */
    boolean refuses(long seen, boolean related) {
        if (seen >= current && related) {
            return false;
        }
        long now = time.nanoTime();
        if (refused++ == 0) {
            refusedSince = now;
        }
        return refused <= MOST_REFUSED || now - refusedSince < LATE;
    }

    /** Its view is believed from now on. */
    void accept(long seen, boolean related) {
        long before = current;
        current = seen;
        refused = 0;
        if (seen < before || !related) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "the Redis Cluster was made anew, or another one answers at its addresses: its epoch was " + before
                            + " and is " + seen + (related ? "" : ", and none of its nodes is one that was there"));
        }
    }
}
