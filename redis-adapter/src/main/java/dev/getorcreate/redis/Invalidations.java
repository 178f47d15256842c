package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.function.BiConsumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Invalidations that are not confirmed yet: the newest of each key, and of whole caches. They are sent again when contact
 * returns, before anything is read; until then nothing that is read of their keys is kept locally, and whoever begins to
 * read after an invalidation ended unconfirmed gets nothing that a DEL was not answered in front of. A DEL counts only if its
 * generation is known to have been the current one after the invalidation began: else what is to be forgotten may stand
 * under another one, and the DEL is sent again under that. Past the bound, those of a cache become one of the whole cache;
 * only those count whose callers have gone. Confirmed ones are remembered for some seconds, since a promoted replica may have
 * missed them. All live in this process: if it dies they are lost, and the time to live bounds what they would have removed.
 */
final class Invalidations {

    /** A key of a cache, without generation: that may be another one when contact returns. */
    record Key(RedisSpace<?> space, ByteBuffer bare) {}

    private final Deletes deletes = new Deletes(this);
    private final int most;
    private final TimeSource time;
    /** Guard: this. */
    private final Map<Key, Pending> pending = new LinkedHashMap<>();
    /**
     * Guard: this. Those of them whose DEL was answered, over that link, and whose generation is not proven yet: that may be
     * asked for once for each invalidation, and must not look through all of them each time.
     */
    private final Map<Key, Link> unproven = new LinkedHashMap<>();
    /** Guard: this. Those of them that are owed: only as many are kept. */
    private final Set<Key> kept = new HashSet<>();
    /** Guard: this. Of whole caches. */
    private final Map<RedisSpace<?>, Pending> pendingAll = new HashMap<>();
    /** Guard: this. */
    private final Confirmations recent;
    /** Guard: this. */
    private long newest;
    /** Guard: volatile, written under this; so that the usual case costs no lock. */
    private volatile boolean none = true;

    Invalidations(int most, TimeSource time) {
        this.most = most;
        this.time = time;
        this.recent = new Confirmations(most);
    }

    /** Notes that the key's invalidation is about to be sent by the caller, who says {@link #left} at the end. */
    synchronized Pending begin(Key key) {
        Pending fresh = new Pending(++newest, time.nanoTime(), true);
        add(key, fresh);
        return fresh;
    }

    /** How many are owed: of keys, and of whole caches. */
    synchronized int owed() {
        return kept.size()
                + (int) pendingAll.values().stream().filter(Pending::isOwed).count();
    }

    private void addOwed(Key key) {
        Pending fresh = new Pending(++newest, time.nanoTime(), false);
        add(key, fresh);
        keep(key, fresh);
    }

    private void add(Key key, Pending fresh) {
        Pending before = pending.put(key, fresh);
        if (before != null && before.isOwed()) {
            fresh.owe(fresh.number);
        }
        Link over = unproven.remove(key);
        if (before != null && over != null) {
            remember(key, before.number, over);
        }
        none = false;
    }

    /**
     * It is owed from now on.
     *
     * @return whether there are too many, so that the whole cache's stands for it
     */
    private boolean keep(Key key, Pending owed) {
        owed.owe(owed.number);
        kept.add(key);
        boolean overflow = kept.size() > most;
        if (overflow) {
            beginAll(key.space(), true);
        }
        return overflow;
    }

    /** Notes that a whole cache's invalidation is about to be sent by the caller, who says {@link #leftAll} at the end. */
    synchronized long beginAll(RedisSpace<?> space) {
        long number = beginAll(space, false);
        Objects.requireNonNull(pendingAll.get(space), "it just began").callers = true;
        return number;
    }

    /** Notes that a whole cache's invalidation is to be sent; it stands for all of its keys'. */
    synchronized long beginAll(RedisSpace<?> space, boolean owed) {
        none = false;
        Pending fresh = new Pending(++newest, time.nanoTime(), false);
        Pending before = pendingAll.put(space, fresh);
        List<Pending> keys = pending.entrySet().stream()
                .filter(each -> each.getKey().space() == space)
                .map(Map.Entry::getValue)
                .toList();
        if (before != null) {
            fresh.takeOver(before);
        } else { // what is not pending is done
            fresh.done(keys.stream().mapToLong(each -> each.number).min().orElse(fresh.number) - 1);
        }
        if (owed || keys.stream().anyMatch(Pending::isOwed)) {
            fresh.owe(fresh.number);
        }
        unproven.entrySet().removeIf(each -> {
            boolean its = each.getKey().space() == space;
            if (its) {
                remember(each.getKey(), unprovenOne(each.getKey()).number, each.getValue());
            }
            return its;
        });
        pending.keySet().removeIf(key -> key.space() == space);
        kept.removeIf(key -> key.space() == space);
        return fresh.number;
    }

    /**
     * The caller goes, and sends no more. If it goes without a confirmation, whatever stands for its invalidation is owed.
     *
     * @param confirmed whether it was, by all that the caller saw
     * @return whether it is: the server that answered may be the key's no more
     */
    boolean left(Key key, Pending left, boolean confirmed) {
        boolean overflow = false;
        synchronized (this) {
            Pending now = pending.get(key);
            left.callers = false;
            boolean undone = now != null || pendingAll.containsKey(key.space()); // else what stands for it was done
            if (confirmed && (!undone || left.isAnswered())) {
                return true;
            }
            if (now != null) {
                overflow = keep(key, now);
            } else {
                leftAll(key.space(), left.number);
            }
        }
        if (overflow) {
            key.space().generations().forget(); // the next one to use it writes a new one
        }
        return false;
    }

    /** Whoever made the invalidation with this number goes: what stands for it is owed, unless it was carried out. */
    synchronized void leftAll(RedisSpace<?> space, long number) {
        Pending now = pendingAll.get(space);
        if (now != null) {
            now.callers &= now.number != number;
            now.owe(number);
        }
    }

    /**
     * Redis answered that DEL. A newer invalidation of the key stays; but whoever began to read before that one did, and
     * behind this DEL, may. On the connection's thread.
     */
    synchronized void answered(Key key, Pending answered, Generation under, Link over) {
        if (over.isLost()) {
            return; // another server may have the key
        }
        over.pulse().alive(answered.beganAt); // where PINGs are rare, those remembered would grow too many otherwise
        if (answered.sentUnder != under || answered.sentOver != over) {
            return; // another one is under way, or has to be: its server is the key's no more
        }
        Generation now = key.space().generations().latest();
        if (now == null || !now.isSameAs(under)) {
            answered.sentOver = null;
            return;
        }
        answered.answeredOver = over;
        if (pending.get(key) != answered) {
            remember(key, answered.number, over); // a newer one may be on its way for long
        } else if (answered.isProven(now, over, !key.space().generations().isClosed())) {
            confirmed(key, answered, over);
        } else {
            unproven.put(key, over);
        }
    }

    /** This generation was asked for, and is the current one: those whose DEL under it was answered are done. */
    synchronized void proven(RedisSpace<?> space, Generation generation) {
        if (none) {
            return;
        }
        List<Map.Entry<Key, Link>> done = unproven.entrySet().stream()
                .filter(each -> each.getKey().space() == space
                        && unprovenOne(each.getKey()).isProvenByAsking(generation))
                .toList();
        done.forEach(each -> confirmed(each.getKey(), unprovenOne(each.getKey()), each.getValue()));
    }

    private synchronized Pending unprovenOne(Key key) {
        return Objects.requireNonNull(pending.get(key), "it is pending");
    }

    private void confirmed(Key key, Pending done, Link over) {
        pending.remove(key);
        unproven.remove(key);
        kept.remove(key);
        none = pending.isEmpty() && pendingAll.isEmpty();
        remember(key, done.number, over);
    }

    /** A promoted replica may have missed the DEL that was answered over this link, as its caller is told. */
    private void remember(Key key, long number, Link over) {
        recent.add(new Confirmations.Confirmed(key.space(), key, number, over, time.nanoTime()));
    }

    /** Redis answered it. A newer one stays, but nobody is failed any more for what this one was to forget. */
    synchronized void confirmedAll(RedisSpace<?> space, long number, Link over, long now) {
        if (over.isLost()) {
            return; // another server may have the generation
        }
        Pending waiting = pendingAll.get(space);
        if (waiting != null && waiting.number == number) {
            pendingAll.remove(space);
        } else if (waiting != null) {
            waiting.done(number);
        }
        none = pending.isEmpty() && pendingAll.isEmpty();
        recent.add(new Confirmations.Confirmed(space, null, number, over, now));
    }

    /**
     * Other servers answer now where these links led to, which are lost, and may have missed what was confirmed last: it is
     * pending again. What was sent there counts no more, whether it was answered or not.
     */
    void reviveRecent(Predicate<Link> gone) {
        // It may have been read, and kept, where a server sent whoever asked on to the new one.
        revive(gone).forEach(space -> space.generations().endWords());
    }

    /** Gives the caches of those that were confirmed. */
    private synchronized Set<RedisSpace<?>> revive(Predicate<Link> gone) {
        unproven.values().removeIf(gone);
        Set<RedisSpace<?>> revived = new HashSet<>();
        List<Confirmations.Confirmed> missed = new ArrayList<>();
        recent.takeMissed(gone, missed::add); // all of them first: others are remembered meanwhile
        missed.forEach(one -> {
            RedisSpace<?> space = one.space().openNow(); // nobody reads what is closed
            revived.add(space);
            Pending whole = pendingAll.get(space);
            if (one.key() == null) {
                beginAll(space, true);
            } else if (whole == null) {
                addOwed(new Key(space, one.key().bare()));
            } else {
                whole.owe(whole.number);
            }
        });
        return revived;
    }

    /**
     * What is pending of a cache that was closed is the one's that is open under its name now.
     *
     * @param all also what its callers may yet see done
     * @return whether there was any
     */
    synchronized boolean inherit(RedisSpace<?> heir, boolean all, Predicate<RedisSpace<?>> closed) {
        if (none) {
            return false;
        }
        List<Map.Entry<RedisSpace<?>, Pending>> wholes = pendingAll.entrySet().stream()
                .filter(each -> (all || each.getValue().isOwed()) && closed.test(each.getKey()))
                .toList();
        wholes.forEach(each -> {
            pendingAll.remove(each.getKey());
            beginAll(heir, true);
        });
        List<Map.Entry<Key, Pending>> keys = pending.entrySet().stream()
                .filter(each -> (all || each.getValue().isOwed())
                        && closed.test(each.getKey().space()))
                .toList();
        keys.forEach(each -> {
            Key before = each.getKey();
            pending.remove(before);
            unproven.remove(before);
            kept.remove(before);
            addOwed(new Key(heir, before.bare()));
        });
        return !wholes.isEmpty() || !keys.isEmpty();
    }

    /** The server that these links led to is the same one still, over a fresh link. */
    synchronized void goOn(Predicate<Link> before, Link fresh) {
        recent.goOn(before, fresh);
    }

    boolean isAnyPending() {
        return !none;
    }

    boolean isPending(Key key) {
        if (none) {
            return false;
        }
        synchronized (this) {
            return pending.containsKey(key) || pendingAll.containsKey(key.space());
        }
    }

    synchronized boolean isAllPending(RedisSpace<?> space) {
        return pendingAll.containsKey(space);
    }

    /** Whether the one with this number is, or what stands for it now. */
    synchronized boolean isAllPending(RedisSpace<?> space, long number) {
        Pending now = pendingAll.get(space);
        return now != null && !now.isDone(number);
    }

    /** Whether the cache's keys may still stand under a generation that this process was told to read no more. */
    boolean isAllOwed(RedisSpace<?> space) {
        return !none && owed(pendingAll, space) != null;
    }

    /** The key's invalidation that has to be done before anything is read; null if there is none. */
    @Nullable
    Pending owed(Key key) {
        return none ? null : owed(pending, key);
    }

    private synchronized <T> @Nullable Pending owed(Map<T, Pending> those, T one) {
        Pending now = those.get(one);
        return now == null || !now.isOwed() ? null : now;
    }

    /** Whether it is still pending, and was not sent there. */
    synchronized boolean isMissing(Place place, Pending owed) {
        return pending.get(place.key()) == owed && !owed.isSent(place.link(), place.generation());
    }

    /** Whether its answer is still to come there; also if another one is pending by now, or none. */
    synchronized boolean isUnanswered(Place place, Pending owed) {
        return pending.get(place.key()) != owed
                || (owed.answeredOver == null && owed.isSent(place.link(), place.generation()));
    }

    /** Whether what this link just showed of the place stood there behind the DEL that is owed, which was not refused. */
    synchronized boolean isAnswered(Pending owed, Generation under, @Nullable Link over) {
        return owed.answeredOver == over && owed.sentUnder != null && owed.sentUnder.isSameAs(under);
    }

    /**
     * The number of the whole cache's pending invalidation, if it is to be sent over this link; it is then under way
     * there. Null if there is none, or it is already.
     */
    synchronized @Nullable Long takeAll(RedisSpace<?> space, Link link) {
        Pending waiting = pendingAll.get(space);
        // What is owed keeps everybody out, also while its caller is stopped before it sends: two change no more than
        // one.
        if (waiting == null || (waiting.isOwed() ? waiting.isSent(link) : waiting.isUnderWay(link))) {
            return null;
        }
        waiting.sentBy = link;
        waiting.sentOver = link;
        return waiting.number;
    }

    /** It goes over this link, to which it may have been sent on. */
    synchronized void allSending(RedisSpace<?> space, long number, Link over) {
        Pending sent = pendingAll.get(space);
        if (sent != null && sent.number == number) {
            sent.sentBy = sent.callers ? over : sent.sentBy;
            sent.sentOver = over;
            sent.callers = false;
        }
    }

    /** It failed, and so is not under way any more. */
    synchronized void allRefused(RedisSpace<?> space, long number) {
        Pending refused = pendingAll.get(space);
        if (refused != null && refused.number == number) {
            refused.sentOver = null;
        }
    }

    /** Gives each of the keys' ones. */
    synchronized void each(BiConsumer<Key, Pending> told) {
        pending.forEach(told);
    }

    Deletes deletes() {
        return deletes;
    }

    /** The caches that have any. */
    synchronized Set<RedisSpace<?>> spaces() {
        Set<RedisSpace<?>> spaces = new HashSet<>(pendingAll.keySet());
        pending.keySet().forEach(key -> spaces.add(key.space()));
        return spaces;
    }

    /**
     * Refused, and so not under way: it is sent again at the next tick. Of several DELs only the one that went out last is
     * under way, and where another one was answered none is needed.
     */
    synchronized void refused(Pending refused, Generation under, @Nullable Link over) {
        if (refused.sentUnder == under && refused.sentOver == over && refused.answeredOver == null) {
            refused.sentOver = null;
        }
    }

    /** Also where a newer one is pending by now: whoever began to read before that one did may, behind this DEL. */
    synchronized void sending(Key key, Pending sent, Generation under, Link link, boolean first) {
        sent.sentBy = first ? link : sent.sentBy;
        sent.sentOver = link;
        sent.sentUnder = under;
        sent.answeredOver = null;
        sent.callers = false;
        if (pending.get(key) == sent) {
            unproven.remove(key);
        }
    }
}
