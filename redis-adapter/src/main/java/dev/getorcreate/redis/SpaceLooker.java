package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Watch;
import org.jspecify.annotations.Nullable;

/** How one waiter asks Redis: always over the link that leads to its key at the moment, which can change on a cluster. */
final class SpaceLooker implements Waiter.Looker {

    private final RedisSharedStore store;
    private final Looking.Sight sight;
    private final Watch watch;
    /** Guard: volatile. Where the last look was sent at first. */
    private volatile Place place;
    /** Guard: volatile. The last look; a server may have sent it on to another one. */
    private volatile @Nullable Reply<?> last;

    SpaceLooker(RedisSharedStore store, Looking.Sight sight, Watch watch, Place place) {
        this.store = store;
        this.sight = sight;
        this.watch = watch;
        this.place = place;
    }

    @Override
    public void lookAgain(Waiter waiter) {
        // For less than the waiter waits for an answer: all are answered here.
        look(waiter, store.time().nanoTime() + store.settings().commandTimeout().toNanos() / 2);
    }

    /** On the connection's thread it may overtake a DEL that another thread is about to write: then once more, behind it. */
    private void look(Waiter waiter, long until) {
        try {
            Place now = here();
            Looking looking = new Looking(sight, now, watch, null, waiter::looked);
            looking.failing(error -> {
                if (looking.wasAhead()
                        && isUnderWay(now)
                        && !waiter.isOver()
                        && store.time().nanoTime() < until) {
                    look(waiter, until);
                } else {
                    waiter.fail(lost(error));
                }
            });
            last = looking.reply();
            now.link().send(looking.reply());
        } catch (SharedStoreUnavailableException e) {
            waiter.fail(lost(e));
        }
    }

    private boolean isUnderWay(Place there) {
        Pending owed = there.owed();
        return owed != null && store.invalidations().isUnanswered(there, owed);
    }

    private Place here() {
        Place before = place;
        Pending owed = store.invalidations().owed(before.key());
        Link link = store.connectedLink(before.whole());
        Place now = new Place(before.key(), before.generation(), before.whole(), link, owed);
        if (owed != null) {
            store.invalidations().deletes().sendBefore(now, owed);
        }
        place = now;
        return now;
    }

    @Override
    public SharedStoreUnavailableException unanswered() {
        Reply<?> sent = last;
        return sent == null ? place.link().timedOut() : place.link().late(sent);
    }

    @Override
    public long remainingLifeMillis() {
        Place now = here();
        Reply<Long> life = Reply.remainingLife(now.whole());
        now.link().send(life);
        Long millis = now.link().await(life);
        return millis == null ? -1 : millis;
    }

    static SharedStoreUnavailableException lost(@Nullable Throwable cause) {
        return new SharedStoreUnavailableException(
                "the connection to Redis was lost while somebody else's creation was waited for", cause);
    }
}
