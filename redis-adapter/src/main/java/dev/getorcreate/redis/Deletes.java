package dev.getorcreate.redis;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CancellationException;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * The DELs of invalidations: each notes there what becomes of it. Where the server refused one, one is sent again at each
 * attempt, and the others once that is taken: it may be that it may not write, and then refuses all of them each time.
 */
final class Deletes {

    private final Invalidations invalidations;

    Deletes(Invalidations invalidations) {
        this.invalidations = invalidations;
    }

    /**
     * Sends those of a cache's keys whose server is in reach, in one flush for each link; only one of them where the last
     * one was refused.
     */
    void sendAgain(RedisSpace<?> space, Generation generation, @Nullable Link via, RedisSharedStore store) {
        if (!invalidations.isAnyPending()) {
            return;
        }
        Map<Link, List<Map.Entry<Invalidations.Key, Pending>>> missing = new HashMap<>();
        invalidations.each((key, waiting) -> {
            Link link = key.space() == space ? store.linkOrNull(whole(generation, key), via) : null;
            if (link != null && !waiting.isUnderWay(link, generation)) {
                missing.computeIfAbsent(link, same -> new ArrayList<>()).add(Map.entry(key, waiting));
            }
        });
        space.refusing().removeIf(Link::isLost);
        missing.forEach((link, all) -> {
            if (space.refusing().contains(link)) {
                probe(
                        space,
                        link,
                        of(generation, all.get(ThreadLocalRandom.current().nextInt(all.size()))));
            } else {
                link.send(all.stream().map(each -> of(generation, each)).toList());
            }
        });
    }

    /** Any of them: what the server has against one it may not have against all others. */
    private static void probe(RedisSpace<?> space, Link link, Reply<Long> one) {
        var unused = one.thenAccept(done -> {
            if (space.refusing().remove(link)) {
                space.settle(link);
            }
        });
        link.send(one);
    }

    /** Sends the one that is owed, unless it is under way there: whoever reads there next does so behind it. */
    void sendBefore(Place place, Pending owed) {
        if (invalidations.isMissing(place, owed)) {
            place.link().send(of(place.generation(), place.key(), owed));
        }
    }

    private Reply<Long> of(Generation generation, Map.Entry<Invalidations.Key, Pending> one) {
        return of(generation, one.getKey(), one.getValue());
    }

    /** A DEL that confirms itself, on the connection's thread. */
    Reply<Long> of(Generation generation, Invalidations.Key key, Pending pending) {
        AtomicReference<@Nullable Link> last = new AtomicReference<>();
        Reply<Long> delete = Reply.delete(
                whole(generation, key),
                over -> invalidations.sending(key, pending, generation, over, last.getAndSet(over) == null),
                output -> {
                    Link over = last.get();
                    if (over == null) {
                        return; // it was not sent
                    }
                    if (output.hasError()) {
                        key.space().refusing().add(over);
                    } else {
                        invalidations.answered(key, pending, generation, over);
                    }
                });
        var unused = delete.whenComplete((done, error) -> {
            if (error != null && !(error instanceof CancellationException)) {
                invalidations.refused(pending, generation, last.get());
            }
        });
        return delete;
    }

    @SuppressWarnings("ByteBufferBackingArray") // keys are wrapped whole arrays
    static byte[] whole(Generation generation, Invalidations.Key key) {
        return generation.whole(key.bare().array());
    }
}
