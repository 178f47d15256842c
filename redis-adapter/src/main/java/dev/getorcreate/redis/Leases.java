package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Token;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BiConsumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The claims of a process: where each was asked for, and, once granted, its renewal, every third of its lease, by one
 * timer and one flush for each link. A claim that is not here any more is renewed no more; if the process dies or is
 * frozen, none is.
 */
final class Leases {

    private final TimeSource time;
    private final Function<byte[], Link> route;
    /** Runs a task on the store's timer after so many nanoseconds. */
    private final BiConsumer<Runnable, Long> timer;

    private final Releases releases;
    /** Guard: this. Asked for or granted, and not dropped yet. */
    private final Map<Token, Lease> asked = new HashMap<>();
    /** Guard: this. When the earliest tick that is under way is due; {@link Long#MAX_VALUE}: none. */
    private long tickAt = Long.MAX_VALUE;

    /** One claim, and where it was asked for. */
    static final class Lease {
        final Place place;
        final Claim claim;
        /** Guard: the leases. */
        private boolean granted;
        /** Guard: the leases. */
        private long grantedAt;
        /** Guard: the leases. */
        private long renewAt;

        private Lease(Place place, Claim claim) {
            this.place = place;
            this.claim = claim;
        }

        private long third() {
            return claim.lease().toNanos() / 3;
        }

        long heldNanos(long now) {
            return granted ? now - grantedAt : 0;
        }
    }

    Leases(TimeSource time, Function<byte[], Link> route, BiConsumer<Runnable, Long> timer, Releases releases) {
        this.releases = releases;
        this.time = time;
        this.route = route;
        this.timer = timer;
    }

    /** It is about to be sent. Whoever asked drops it if it is not granted. */
    synchronized void asking(Place place, Claim claim) {
        asked.put(claim.token(), new Lease(place, claim));
    }

    /** It was granted: from now on it is renewed. */
    void granted(Claim claim) {
        long at;
        synchronized (this) {
            Lease lease = asked.get(claim.token());
            if (lease == null) {
                return;
            }
            lease.granted = true;
            lease.grantedAt = time.nanoTime();
            lease.renewAt = lease.grantedAt + lease.third();
            at = lease.renewAt;
        }
        schedule(at);
    }

    /** Renews it no more. Gives what was known of it, null if it is lost or was dropped already. */
    synchronized @Nullable Lease drop(Token token) {
        return asked.remove(token);
    }

    /** One that was dropped: it is given back, as soon as there is a connection. */
    void release(Lease lease) {
        releases.release(lease.place.whole(), lease.claim.token(), lease.claim.lease());
    }

    /** One that was dropped, and whose end is sent as this reply: if that is lost, it is given back. */
    void ifLost(Reply<Long> end, Lease lease) {
        releases.ifLost(end, lease.place.whole(), lease.claim.token(), lease.claim.lease());
    }

    /** The cache has another generation now: claims under the others are lost, and taken back where they can be. */
    void endOthers(RedisSpace<?> space, Generation now) {
        List<Lease> ended = new ArrayList<>();
        synchronized (this) {
            asked.values().removeIf(lease -> {
                boolean other = lease.granted
                        && lease.place.key().space() == space
                        && !lease.place.generation().isSameAs(now);
                if (other) {
                    ended.add(lease);
                }
                return other;
            });
        }
        for (Lease lease : ended) {
            lease.claim.lost().run();
            release(lease);
        }
    }

    private void schedule(long at) {
        long before;
        synchronized (this) {
            before = tickAt;
            if (at >= before) {
                return;
            }
            tickAt = at;
        }
        try {
            timer.accept(() -> tick(at), Math.max(0, at - time.nanoTime()));
        } catch (RuntimeException | Error e) { // such as a stack that overflows: this one fails, the others are renewed
            synchronized (this) {
                tickAt = tickAt == at ? before : tickAt;
            }
            throw e;
        }
    }

    /** On the store's timer. A tick that an earlier one has superseded does nothing, or their chains would multiply. */
    private void tick(long at) {
        synchronized (this) {
            if (tickAt != at) {
                return;
            }
            tickAt = Long.MAX_VALUE; // before all that may fail: or no later tick would ever be set
        }
        List<Lease> due = new ArrayList<>();
        long next = Long.MAX_VALUE;
        synchronized (this) {
            long now = time.nanoTime();
            for (Lease lease : asked.values()) {
                if (!lease.granted) {
                    continue;
                }
                // What is due soon goes along in the same flush.
                if (lease.renewAt - lease.third() / 4 <= now) {
                    lease.renewAt = now + lease.third();
                    due.add(lease);
                }
                next = Math.min(next, lease.renewAt);
            }
        }
        try {
            if (next != Long.MAX_VALUE) {
                schedule(next);
            }
        } finally {
            renew(due);
        }
    }

    private void renew(List<Lease> due) {
        Map<Link, List<Lease>> flushes = new HashMap<>();
        for (Lease lease : due) {
            try {
                Link link = route.apply(lease.place.whole());
                flushes.computeIfAbsent(link, same -> new ArrayList<>()).add(lease);
            } catch (SharedStoreUnavailableException e) {
                // The next tick tries again; if it is too late by then, the renewal or the publish is refused.
            }
        }
        flushes.forEach((link, leases) -> send(link, leases, false));
    }

    /**
     * One flush.
     *
     * @param first whether the first one brings the script's text, for a server that does not know it yet
     */
    private void send(Link link, List<Lease> leases, boolean first) {
        Unknown unknown = new Unknown(link, leases.size());
        List<Reply<Long>> renewals = new ArrayList<>();
        for (Lease lease : leases) {
            renewals.add(renewal(lease, first && renewals.isEmpty(), unknown));
        }
        link.send(renewals);
    }

    /** Those of one flush that failed because the server did not know the script: they go again, in one flush too. */
    private final class Unknown {
        private final Link link;
        /** Guard: this. */
        private final List<Lease> leases = new ArrayList<>();
        /** Guard: this. Answers still to come. */
        private int left;

        Unknown(Link link, int all) {
            this.link = link;
            this.left = all;
        }

        /** Also by an error of whatever kind. On a connection's thread, or a timer's. */
        void answered(@Nullable Lease again) {
            List<Lease> resent;
            synchronized (this) {
                if (again != null) {
                    leases.add(again);
                }
                if (--left > 0 || leases.isEmpty()) {
                    return;
                }
                resent = List.copyOf(leases);
            }
            send(link, resent, true);
        }
    }

    private Reply<Long> renewal(Lease lease, boolean byText, Unknown unknown) {
        Reply<Long> renewal = Reply.script(
                Script.RENEW,
                byText,
                lease.place.whole(),
                output -> {
                    if (!output.hasError() && output.get() != null && output.get() == 0) {
                        refused(lease);
                    }
                },
                Payload.claimStamp(lease.claim.token()),
                Long.toString(lease.claim.lease().toMillis()).getBytes(StandardCharsets.US_ASCII));
        var unused = renewal.whenComplete(
                (renewed, error) -> unknown.answered(!byText && Refusals.isNoScript(error) ? lease : null));
        return renewal;
    }

    private void refused(Lease lease) {
        boolean mine;
        synchronized (this) {
            mine = asked.remove(lease.claim.token()) != null;
        }
        if (mine) {
            lease.claim.lost().run();
        }
    }
}
