package dev.getorcreate.testkit;

import dev.getorcreate.CacheClosedException;
import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Watch;
import java.time.Duration;
import java.util.Arrays;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/** One cache's part of an {@link InMemorySharedStore}. */
final class InMemorySpace<K> implements SharedSpace<K> {

    private final InMemorySharedStore store;
    private final InMemoryRedis server;
    private final String cache;
    private final String prefix;
    private final KeyCodec<K> keys;
    private final String codecId;
    private final Changes<K> changes;
    private final InMemoryRenewals renewals;
    private final Set<Sleeper> sleepers = ConcurrentHashMap.newKeySet();
    /** Of all the keys together: one that is not ours costs a look too many, which is harmless. */
    private final AtomicLong seenChanges = new AtomicLong();

    private final AtomicLong pollsThatFound = new AtomicLong();
    private volatile boolean closed;

    /** A wait for a change of one key. */
    static final class Sleeper {
        final String rawKey;
        volatile CompletableFuture<Boolean> woken = new CompletableFuture<>();

        Sleeper(String rawKey) {
            this.rawKey = rawKey;
        }
    }

    InMemorySpace(
            InMemorySharedStore store,
            InMemoryRedis server,
            String cache,
            KeyCodec<K> keys,
            String codecId,
            Changes<K> changes) {
        this.store = store;
        this.server = server;
        this.cache = cache;
        this.prefix = InMemoryFormat.prefix(cache);
        this.keys = keys;
        this.codecId = codecId;
        this.changes = changes;
        this.renewals = new InMemoryRenewals(store, server);
    }

    @Override
    public Look look(K key, Watch watch) {
        refuseIfClosed();
        String rawKey = rawKey(key);
        return store.ask(() -> get(rawKey), (reply, epoch) -> seen(rawKey, reply, epoch, watch));
    }

    @Override
    public Look claim(K key, Claim claim, byte @Nullable [] replacing, Watch watch) {
        refuseIfClosed();
        String rawKey = rawKey(key);
        long lease = claim.lease().toNanos();
        byte[] bytes = InMemoryFormat.claim(claim.token(), claim.lease().toMillis());
        // Two commands in one flush. The first is the atomic act; the second registers the key, which the write
        // dropped.
        store.ask(
                () -> {
                    if (!server.exists(rawKey) || (replacing != null && stands(rawKey, replacing))) {
                        server.set(rawKey, bytes, lease);
                    }
                    return true;
                },
                (reply, epoch) -> reply);
        Look look = store.ask(() -> get(rawKey), (reply, epoch) -> seen(rawKey, reply, epoch, watch));
        if (look instanceof Look.Held held && held.token().equals(claim.token())) {
            renewals.start(rawKey, claim);
            return Look.Granted.GRANTED;
        }
        return look;
    }

    private boolean stands(String rawKey, byte[] replacing) {
        byte[] there = server.peek(rawKey);
        return there == null ? replacing.length == 0 : Arrays.equals(there, replacing);
    }

    @Override
    public Look next(K key, Look.Held held, long until, Watch watch) throws InterruptedException {
        return new InMemoryWait<>(this, store, key, rawKey(key), watch, until).run(held);
    }

    @Override
    public Published publish(K key, Claim claim, byte[] payload, Duration timeToLive, Watch watch) {
        renewals.stop(claim.token());
        String rawKey = rawKey(key);
        byte[] record = InMemoryFormat.record(claim.token(), codecId, payload);
        if (record.length > store.maxPayload()) {
            release(key, claim, null);
            return Published.OVERSIZED;
        }
        boolean published = store.ask(
                () -> {
                    boolean ours = InMemoryFormat.isClaimOf(server.peek(rawKey), claim.token());
                    if (ours) {
                        server.set(rawKey, record, timeToLive.toNanos());
                    }
                    return ours;
                },
                (reply, epoch) -> reply);
        if (published) {
            store.ask(() -> get(rawKey), (reply, epoch) -> {
                if (reply.bytes() != null && InMemoryFormat.isRecordOf(reply.bytes(), claim.token())) {
                    answered(rawKey, epoch, watch);
                }
                return true;
            });
        }
        return published ? Published.PUBLISHED : Published.REJECTED;
    }

    @Override
    public void release(K key, Claim claim, @Nullable Failure failure) {
        renewals.stop(claim.token());
        String rawKey = rawKey(key);
        store.link()
                .tell(
                        () -> {
                            if (InMemoryFormat.isClaimOf(server.peek(rawKey), claim.token())) {
                                giveBack(rawKey, claim, failure);
                            }
                            return true;
                        },
                        reply -> {});
    }

    private void giveBack(String rawKey, Claim claim, @Nullable Failure failure) {
        if (failure == null) {
            server.delete(rawKey);
        } else {
            byte[] mark = InMemoryFormat.failed(claim.token(), failure);
            server.set(rawKey, mark, failure.hold().toNanos());
        }
    }

    @Override
    public Invalidation invalidate(K key) {
        return store.invalidate(rawKey(key)) ? Invalidation.CONFIRMED : Invalidation.PENDING;
    }

    @Override
    public Invalidation invalidateAll() {
        return store.invalidate(InMemoryFormat.allKeys(cache)) ? Invalidation.CONFIRMED : Invalidation.PENDING;
    }

    @Override
    public long pollsThatFound() {
        return pollsThatFound.get();
    }

    @Override
    public void close() {
        closed = true;
        sleepers.forEach(sleeper -> sleeper.woken.complete(true));
        store.closed(cache, this);
    }

    // ---- for the wait ----

    Sleeper sleeper(String rawKey) {
        Sleeper sleeper = new Sleeper(rawKey);
        sleepers.add(sleeper);
        if (closed) { // after adding: a close from here on wakes it
            sleeper.woken.complete(true);
        }
        return sleeper;
    }

    void forget(Sleeper sleeper) {
        sleepers.remove(sleeper);
    }

    boolean changedSince(Look.Held held) {
        return seenChanges.get() != held.changes();
    }

    void pollFound() {
        pollsThatFound.incrementAndGet();
    }

    /** How long what stands there lives, in nanoseconds; negative if there is nothing. */
    long timeToLive(String rawKey) {
        return store.ask(() -> server.timeToLive(rawKey), (reply, epoch) -> reply);
    }

    void refuseIfClosed() {
        if (closed) {
            throw new CacheClosedException("the cache '" + cache + "' was closed", null);
        }
    }

    // ---- where the wire is seen ----

    void changed(String rawKey) {
        if (!rawKey.startsWith(prefix)) {
            return;
        }
        seenChanges.incrementAndGet();
        K key = keys.decode(InMemoryRedis.latin1(rawKey.substring(prefix.length())));
        changes.changed(key);
        wake(rawKey);
    }

    void allChanged() {
        seenChanges.incrementAndGet();
        wake(null);
    }

    private void wake(@Nullable String rawKey) {
        for (Sleeper sleeper : sleepers) {
            if (rawKey == null || sleeper.rawKey.equals(rawKey)) {
                sleeper.woken.complete(true);
            }
        }
    }

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Reply(byte @Nullable [] bytes, boolean foreign) {}

    private Reply get(String rawKey) {
        try {
            return new Reply(server.get(rawKey), false);
        } catch (InMemoryRedis.WrongType e) {
            return new Reply(null, true);
        }
    }

    private Look seen(String rawKey, Reply reply, InMemoryLink.Epoch epoch, Watch watch) {
        if (reply.foreign()) {
            return new Look.Unreadable(new byte[0], "a key of another type");
        }
        Look look = InMemoryFormat.read(reply.bytes(), codecId, seenChanges.get());
        if (look instanceof Look.Present) {
            answered(rawKey, epoch, watch);
        }
        return look;
    }

    private void answered(String rawKey, InMemoryLink.Epoch epoch, Watch watch) {
        if (!store.isPending(rawKey)) {
            watch.answered(epoch.vouch);
        }
    }

    private String rawKey(K key) {
        return InMemoryFormat.rawKey(cache, keys.encode(key));
    }
}
