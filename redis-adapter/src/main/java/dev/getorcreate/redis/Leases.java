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
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Renews all the granted claims of a process, every third of their leases, by one timer and one flush. A claim that is
 * not here any more is renewed no more; if the process dies or is frozen, none is.
 */
final class Leases {

    private final TimeSource time;
    private final Supplier<Link> link;
    /** Runs a task on the store's timer after so many nanoseconds. */
    private final BiConsumer<Runnable, Long> timer;
    /** Guard: this. */
    private final Map<Token, Lease> held = new HashMap<>();
    /** Guard: this. When the earliest tick that is under way is due; {@link Long#MAX_VALUE}: none. */
    private long tickAt = Long.MAX_VALUE;

    private static final class Lease {
        final byte[] key;
        final Claim claim;
        final long grantedAt;
        long renewAt;

        Lease(byte[] key, Claim claim, long now) {
            this.key = key;
            this.claim = claim;
            this.grantedAt = now;
            this.renewAt = now + third();
        }

        long third() {
            return claim.lease().toNanos() / 3;
        }
    }

    Leases(TimeSource time, Supplier<Link> link, BiConsumer<Runnable, Long> timer) {
        this.time = time;
        this.link = link;
        this.timer = timer;
    }

    void hold(byte[] key, Claim claim) {
        Lease lease = new Lease(key, claim, time.nanoTime());
        synchronized (this) {
            held.put(claim.token(), lease);
        }
        schedule(lease.renewAt);
    }

    /** Renews it no more. Gives for how many nanoseconds it was held, 0 if it was not. */
    synchronized long drop(Token token) {
        Lease lease = held.remove(token);
        return lease == null ? 0 : time.nanoTime() - lease.grantedAt;
    }

    private void schedule(long at) {
        synchronized (this) {
            if (at >= tickAt) {
                return;
            }
            tickAt = at;
        }
        timer.accept(() -> tick(at), Math.max(0, at - time.nanoTime()));
    }

    /** On the store's timer. A tick that an earlier one has superseded does nothing, or their chains would multiply. */
    private void tick(long at) {
        List<Lease> due = new ArrayList<>();
        long next = Long.MAX_VALUE;
        synchronized (this) {
            if (tickAt != at) {
                return;
            }
            tickAt = Long.MAX_VALUE;
            long now = time.nanoTime();
            for (Lease lease : held.values()) {
                // What is due soon goes along in the same flush.
                if (lease.renewAt - lease.third() / 4 <= now) {
                    lease.renewAt = now + lease.third();
                    due.add(lease);
                }
                next = Math.min(next, lease.renewAt);
            }
        }
        if (next != Long.MAX_VALUE) {
            schedule(next);
        }
        renew(due);
    }

    private void renew(List<Lease> due) {
        if (due.isEmpty()) {
            return;
        }
        try {
            Link now = link.get();
            now.send(due.stream().map(lease -> renewal(now, lease, false)).toList());
        } catch (SharedStoreUnavailableException e) {
            // The next tick tries again; if it is too late by then, the renewal or the publish is refused.
        }
    }

    private Reply<Long> renewal(Link on, Lease lease, boolean byText) {
        return Reply.script(
                Script.RENEW,
                byText,
                lease.key,
                output -> {
                    if (output.hasError()) {
                        retryByText(on, lease, byText, output.getError());
                    } else if (output.get() != null && output.get() == 0) {
                        refused(lease);
                    }
                },
                Payload.claimStamp(lease.claim.token()),
                Long.toString(lease.claim.lease().toMillis()).getBytes(StandardCharsets.US_ASCII));
    }

    private void retryByText(Link on, Lease lease, boolean byText, @Nullable String error) {
        if (!byText && String.valueOf(error).startsWith("NOSCRIPT")) {
            on.send(renewal(on, lease, true));
        }
    }

    private void refused(Lease lease) {
        boolean mine;
        synchronized (this) {
            mine = held.remove(lease.claim.token()) != null;
        }
        if (mine) {
            lease.claim.lost().run();
        }
    }
}
