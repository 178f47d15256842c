package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.spi.Token;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * Claims that are taken back. One for which there is no connection, or whose connection ends before the answer, is taken
 * back over the next one: others would wait for it until its lease ends. All live in this process; if it dies, the lease is
 * what ends them.
 */
final class Releases {

    private static final int MOST = 10_000;

    private final TimeSource time;
    private final Function<byte[], Link> route;
    /** Guard: this. In the order in which they came. */
    private final Map<Token, Left> left = new LinkedHashMap<>();

    /**
     * One that is to go out when there is a connection.
     *
     * @param until when its lease has ended by itself
     */
    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Left(byte[] whole, Token token, long until) {}

    /** @param route the link to a key's server, also one that does not answer; it throws if there is none */
    Releases(TimeSource time, Function<byte[], Link> route) {
        this.time = time;
        this.route = route;
    }

    /** Waits for nothing. Also over a link that does not answer: what is on the way there already may be this very claim. */
    void release(byte[] whole, Token token, Duration lease) {
        Left one = new Left(whole, token, time.nanoTime() + lease.toNanos());
        Link link;
        try {
            link = route.apply(whole);
        } catch (SharedStoreUnavailableException e) {
            keep(one);
            return;
        }
        send(link, one, false);
    }

    /**
     * What is to become of a claim whose end was sent as this reply: if that is lost, or refused by a server that is just
     * losing its role, or loading, it is taken back.
     */
    @SuppressWarnings("FutureReturnValueIgnored") // the reply itself is what is waited for, if at all
    void ifLost(Reply<Long> end, byte[] whole, Token token, Duration lease) {
        Left one = new Left(whole, token, time.nanoTime() + lease.toNanos());
        end.whenComplete((answer, error) -> {
            if (error != null && !Refusals.isNoScript(error)) {
                keep(one);
            }
        });
    }

    /** There is contact again, perhaps over this link. */
    void goOn(Function<byte[], @Nullable Link> open) {
        long now = time.nanoTime();
        Map<Left, Link> due = new LinkedHashMap<>();
        synchronized (this) {
            left.values().removeIf(one -> one.until <= now);
            for (Left one : left.values()) {
                Link link = open.apply(one.whole);
                if (link != null) {
                    due.put(one, link);
                }
            }
            due.keySet().forEach(one -> left.remove(one.token));
        }
        due.forEach((one, link) -> send(link, one, false));
    }

    private synchronized void keep(Left one) {
        if (left.size() >= MOST) {
            List<Token> oldest = new ArrayList<>(left.keySet()).subList(0, MOST / 10);
            oldest.forEach(left::remove); // they end by their leases
        }
        left.put(one.token, one);
    }

    private void send(Link link, Left one, boolean byText) {
        Reply<Long> release = Reply.script(
                Script.RELEASE,
                byText,
                one.whole,
                output -> {
                    if (!byText && output.hasError() && output.getError().startsWith("NOSCRIPT")) {
                        send(link, one, true);
                    }
                },
                Payload.claimStamp(one.token));
        ifLost(release, one.whole, one.token, Duration.ofNanos(Math.max(0, one.until - time.nanoTime())));
        link.send(release);
    }
}
