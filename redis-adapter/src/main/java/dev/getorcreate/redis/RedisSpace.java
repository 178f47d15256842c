package dev.getorcreate.redis;

import dev.getorcreate.CacheClosedException;
import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Watch;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Objects;
import java.util.concurrent.CompletionException;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/** One cache's part of Redis: which commands each step is, and what their replies mean. */
final class RedisSpace<K> implements SharedSpace<K> {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private final RedisSharedStore store;
    private final Namespace namespace;
    private final KeyCodec<K> keys;
    private final byte[] codecId;
    private final Changes<K> changes;
    private final Waiters waiters = new Waiters();
    private final Looking.Sight sight;
    private final LongAdder pollsThatFound = new LongAdder();
    /** Guard: volatile; set for good. */
    private volatile boolean closed;

    RedisSpace(RedisSharedStore store, Namespace namespace, KeyCodec<K> keys, byte[] codecId, Changes<K> changes) {
        this.store = store;
        this.namespace = namespace;
        this.keys = keys;
        this.codecId = codecId;
        this.changes = changes;
        this.sight = new Looking.Sight(codecId, waiters, store.invalidations());
    }

    @Override
    public Look look(K key, Watch watch) {
        Link link = open();
        byte[] whole = whole(key);
        Looking looking = new Looking(sight, whole, link, watch, null, Looking.NOTHING_MORE);
        link.send(looking.reply());
        return looking.await();
    }

    @Override
    public Look claim(K key, Claim claim, byte @Nullable [] replacing, Watch watch) {
        Link link = open();
        byte[] whole = whole(key);
        long lease = claim.lease().toMillis();
        byte[] bytes = Payload.claim(claim.token(), lease);
        Reply<byte[]> taking =
                replacing == null ? Reply.claim(whole, bytes, lease) : Reply.replace(whole, bytes, lease, replacing);
        // The GET stands behind the write, which dropped the key from tracking: it registers it again.
        Looking looking = new Looking(sight, whole, link, watch, null, Looking.NOTHING_MORE);
        link.send(taking, looking.reply());
        byte[] there;
        try {
            there = link.await(taking);
        } catch (SharedStoreUnavailableException e) {
            if (isWrongType(e.getCause())) {
                return looking.await();
            }
            throw e;
        }
        Look look = looking.await();
        if (there == null || Payload.isStampedBy(there, claim.token())) {
            store.leases().hold(whole, claim);
            return Look.Granted.GRANTED;
        }
        return look;
    }

    @Override
    public Look next(K key, Look.Held held, long until, Watch watch) throws InterruptedException {
        Link link = open();
        byte[] bytes = whole(key);
        ByteBuffer whole = ByteBuffer.wrap(bytes);
        Waiter waiter = new Waiter(held, store.time(), store.settings(), looker(bytes, link, watch), () -> {
            pollsThatFound.increment();
        });
        waiters.add(whole, waiter);
        try {
            // Both after lying down: whoever closes or loses the link later finds this waiter.
            if (open() != link || waiters.changesOf(whole) != held.changes()) {
                waiter.look(false);
            }
            return waiter.sleep(until);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            waiters.remove(whole, waiter);
        }
    }

    private Waiter.Looker looker(byte[] whole, Link link, Watch watch) {
        return new Waiter.Looker() {
            @Override
            public void lookAgain(Waiter waiter) {
                Looking looking = new Looking(sight, whole, link, watch, null, waiter::looked);
                looking.failing(error -> waiter.fail(lostWhileWaiting(error)));
                link.send(looking.reply());
            }

            @Override
            public SharedStoreUnavailableException unanswered() {
                return link.timedOut(null);
            }

            @Override
            public long remainingLifeMillis() {
                Reply<Long> life = Reply.remainingLife(whole);
                link.send(life);
                Long millis = link.await(life);
                return millis == null ? -1 : millis;
            }
        };
    }

    private SharedStoreUnavailableException lostWhileWaiting(@Nullable Throwable cause) {
        return new SharedStoreUnavailableException(
                store.settings().where() + " lost the connection while somebody else's creation was waited for", cause);
    }

    @Override
    public boolean publish(K key, Claim claim, byte[] payload, Duration timeToLive, Watch watch) {
        long heldNanos = store.leases().drop(claim.token());
        Link link = store.link();
        byte[] whole = whole(key);
        byte[] record =
                Payload.record(claim.token(), store.time().epochMillis(), heldNanos / 1_000_000, codecId, payload);
        byte[] stamp = Payload.claimStamp(claim.token());
        byte[] ttl = decimal(timeToLive.toMillis());
        for (boolean byText = false; ; byText = true) {
            Reply<Long> publishing = Reply.script(Script.PUBLISH, byText, whole, ignored -> {}, stamp, record, ttl);
            Looking looking = new Looking(sight, whole, link, watch, claim.token(), Looking.NOTHING_MORE);
            link.send(publishing, looking.reply());
            try {
                Long published = link.await(publishing);
                looking.await();
                return published != null && published == 1;
            } catch (SharedStoreUnavailableException e) {
                if (isWrongType(e.getCause())) {
                    return false;
                }
                if (byText || !Reply.isNoScript(e.getCause())) {
                    throw e;
                }
            }
        }
    }

    @Override
    public void release(K key, Claim claim, @Nullable Failure failure) {
        store.leases().drop(claim.token());
        try {
            byte[] stamp = Payload.claimStamp(claim.token());
            if (failure == null) {
                release(store.link(), whole(key), stamp, false);
            } else {
                fail(store.link(), whole(key), stamp, Payload.failed(claim.token(), failure), failure.hold());
            }
        } catch (RuntimeException e) {
            // It dies by its lease.
            LOG.log(System.Logger.Level.DEBUG, "a claim could not be released and will end with its lease", e);
        }
    }

    private static void release(Link link, byte[] whole, byte[] stamp, boolean byText) {
        link.send(Reply.script(
                Script.RELEASE,
                byText,
                whole,
                output -> {
                    if (!byText && output.hasError() && output.getError().startsWith("NOSCRIPT")) {
                        release(link, whole, stamp, true);
                    }
                },
                stamp));
    }

    /** By its text at once: sent again, it would come after the next look of the caller that got the failure. */
    private static void fail(Link link, byte[] whole, byte[] stamp, byte[] mark, Duration hold) {
        link.send(Reply.script(Script.PUBLISH, true, whole, ignored -> {}, stamp, mark, decimal(hold.toMillis())));
    }

    @Override
    public Invalidation invalidate(K key) {
        ByteBuffer whole = ByteBuffer.wrap(whole(key));
        long number = store.invalidations().begin(whole);
        try {
            // Sent also over a link that does not answer: should it answer again, this stands before all reads.
            Link link = store.connectedLink();
            Reply<Long> delete = store.invalidations().delete(whole, number);
            link.send(delete);
            link.requireAnswering();
            link.await(delete);
            return Invalidation.CONFIRMED;
        } catch (SharedStoreUnavailableException e) {
            LOG.log(System.Logger.Level.DEBUG, "an invalidation is pending", e);
            return Invalidation.PENDING;
        }
    }

    @Override
    public long pollsThatFound() {
        return pollsThatFound.sum();
    }

    @Override
    public void close() {
        closed = true;
        waiters.allChanged(waiter -> waiter.fail(closedError()));
        store.closed(namespace);
    }

    /** On the thread that sees the wire: a key of this space changed. */
    void changed(byte[] whole) {
        byte[] bare = namespace.strip(whole);
        if (bare == null) {
            return;
        }
        waiters.changed(ByteBuffer.wrap(whole));
        try {
            changes.changed(keys.decode(bare));
        } catch (RuntimeException e) {
            LOG.log(System.Logger.Level.DEBUG, "a change of a key that is none of this cache's codec", e);
        }
    }

    /** The link is gone, and with it all that it would have told. */
    void lost(Throwable cause) {
        waiters.allChanged(waiter -> waiter.fail(lostWhileWaiting(cause)));
    }

    /** The server forgot everything. */
    void flushed() {
        waiters.allChanged(Waiter::changed);
    }

    private Link open() {
        if (closed) {
            throw closedError();
        }
        return store.link();
    }

    private CacheClosedException closedError() {
        return new CacheClosedException("the cache '" + namespace.escaped() + "' is closed", null);
    }

    private byte[] whole(K key) {
        return namespace.key(Objects.requireNonNull(keys.encode(key), "the key codec gave null"));
    }

    private static boolean isWrongType(@Nullable Throwable error) {
        return error != null && String.valueOf(error.getMessage()).startsWith("WRONGTYPE");
    }

    private static byte[] decimal(long number) {
        return Long.toString(number).getBytes(StandardCharsets.US_ASCII);
    }
}
