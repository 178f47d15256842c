package dev.getorcreate.redis;

import dev.getorcreate.CacheClosedException;
import dev.getorcreate.Invalidation;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Watch;
import java.nio.ByteBuffer;
import java.time.Duration;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One cache's part of Redis: which commands each step is, and what their replies mean. */
final class RedisSpace<K> implements SharedSpace<K> {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private final RedisSharedStore store;
    private final Namespace namespace;
    private final KeyCodec<K> keys;
    private final Waiters waiters = new Waiters();
    private final Generations generations;
    private final LongKeys<K> longKeys = new LongKeys<>();
    private final Telling<K> telling;
    private final Looking.Sight sight;
    private final ClaimEnds claimEnds;
    private final ColdStreak streak = new ColdStreak();
    private final LongAdder pollsThatFound = new LongAdder();
    /** Guard: concurrent set. Over which a DEL was refused, and since then none that was sent to find out was taken. */
    private final Set<Link> refusing = ConcurrentHashMap.newKeySet();
    /** Guard: volatile; set for good. */
    private volatile boolean closed;

    RedisSpace(RedisSharedStore store, Namespace namespace, KeyCodec<K> keys, byte[] codecId, Changes<K> changes) {
        this.store = store;
        this.namespace = namespace;
        this.keys = keys;
        this.generations = new Generations(store, namespace, this);
        this.telling = new Telling<>(namespace, keys, longKeys, changes, generations);
        this.sight = new Looking.Sight(codecId, waiters, generations, store.invalidations());
        this.claimEnds = new ClaimEnds(store, sight, new Records(namespace, codecId, store.settings()));
    }

    @Override
    public Look look(K key, Watch watch) {
        Place place = place(key);
        Looking looking = new Looking(sight, place, watch, null, Looking.NOTHING_MORE);
        place.link().send(looking.reply());
        return looking.await();
    }

    @Override
    public Look lookOrClaim(K key, Supplier<Claim> claim, Watch watch) {
        Place place = place(key);
        Look look;
        try {
            look = streak.isLong()
                    ? claimed(place, claim.get(), null, true, watch)
                    : new LookOrClaim(sight, store, place, claim, watch, () -> closed).run();
        } catch (SharedStoreUnavailableException e) {
            streak.end(); // where claims are refused, looks alone may still be answered
            throw e;
        }
        streak.found(look);
        return look;
    }

    @Override
    public Look claim(K key, Claim claim, byte @Nullable [] replacing, Watch watch) {
        return claimed(place(key), claim, replacing, false, watch);
    }

    private Look claimed(Place place, Claim claim, byte @Nullable [] replacing, boolean looksFirst, Watch watch) {
        Claiming claiming = new Claiming(sight, store.leases(), place, claim, replacing, looksFirst, watch);
        claiming.send();
        return claiming.await();
    }

    @Override
    public Look next(K key, Look.Held held, long until, Watch watch) throws InterruptedException {
        Look.Held last = held;
        while (true) {
            Look told = sleep(key, last, until, watch);
            if (told != null) {
                return Payload.opened(told);
            }
            // It may stand there as it did: a generation is learnt again also where it stays as it was.
            Look look = look(key, watch);
            if (!(look instanceof Look.Held there)
                    || !there.token().equals(held.token())
                    || store.time().nanoTime() >= until) {
                return look;
            }
            last = there;
        }
    }

    /** Null: look where it stands now. */
    private @Nullable Look sleep(K key, Look.Held held, long until, Watch watch) throws InterruptedException {
        Place place = place(key);
        ByteBuffer whole = ByteBuffer.wrap(place.whole());
        Waiter waiter =
                new Waiter(held, store.time(), store.settings(), new SpaceLooker(store, sight, watch, place), () -> {
                    pollsThatFound.increment();
                });
        waiters.add(whole, waiter);
        try {
            // All after lying down: whoever closes, or loses the link, or changes the generation later finds this
            // waiter.
            requireOpen();
            if (place.link().isLost() || !generations.isCurrent(place.generation())) {
                waiter.moved();
            } else if (waiters.changesOf(whole) != held.changes()) {
                waiter.look(false);
            }
            return waiter.sleep(until);
        } catch (CompletionException e) {
            throw e.getCause() instanceof RuntimeException cause ? cause : e;
        } finally {
            waiters.remove(whole, waiter);
        }
    }

    @Override
    public Published publish(K key, Claim claim, byte[] payload, Duration timeToLive, Watch watch) {
        return claimEnds.publish(claim, payload, timeToLive, watch);
    }

    @Override
    public void release(K key, Claim claim, @Nullable Failure failure) {
        claimEnds.release(claim, failure);
    }

    @Override
    public Invalidation invalidate(K key) {
        Invalidations.Key bare = bare(key);
        boolean first = true;
        while (true) {
            Pending pending = store.invalidations().begin(bare);
            boolean done = false;
            boolean again = false;
            boolean confirmed = false;
            try {
                done = isDone(bare, pending);
                again = !done && first;
            } catch (SharedStoreUnavailableException e) {
                LOG.log(System.Logger.Level.DEBUG, "an invalidation is pending", e);
            } finally {
                confirmed = !again && store.invalidations().left(bare, pending, done);
                bequeath();
            }
            again |= done && !confirmed && first; // who answered has the key no more, or is not known to: once more
            if (!again) {
                return confirmed ? Invalidation.CONFIRMED : Invalidation.PENDING;
            }
            first = false;
        }
    }

    /** Who has opened it anew, if it is closed and somebody has; else itself. */
    RedisSpace<?> openNow() {
        RedisSpace<?> heir = closed ? store.openUnder(namespace) : null;
        return heir == null ? this : heir;
    }

    /** What is pending of a cache that is closed keeps those out who have opened it anew. */
    void bequeath() {
        RedisSpace<?> heir = openNow();
        if (heir != this && store.invalidations().inherit(heir, false, other -> other == this)) {
            heir.generations().endWords(); // it may have read, and kept, what was to be forgotten
        }
    }

    /** Whether its own invalidation with this number is, or one of who has opened it anew. */
    boolean isAllPending(long number) {
        if (store.invalidations().isAllPending(this, number)) {
            return true; // asked first: who finds that it was handed over finds to whom
        }
        RedisSpace<?> heir = openNow();
        return heir != this && store.invalidations().isAllPending(heir);
    }

    /** False: the whole cache was invalidated meanwhile, so that this must be done under another generation. */
    private boolean isDone(Invalidations.Key key, Pending pending) {
        Generation generation = generations.current();
        byte[] whole = Deletes.whole(generation, key);
        // Sent also over a link that does not answer: should it answer again, this stands before all reads.
        Link link = store.connectedLink(whole);
        Reply<Long> delete = store.invalidations().deletes().of(generation, key, pending);
        link.send(delete);
        Link teller = store.connectedLink(namespace.generationKey());
        CompletableFuture<Generation> still = generations.askForOne(teller);
        link.requireAnswering();
        link.awaitWithoutEnding(delete); // it is confirmed whenever its answer comes
        teller.requireAnswering();
        // Had the whole cache been invalidated unnoticed, somebody could have published under the new generation what
        // is to be forgotten now. One that begins after this answer finds what was committed before.
        return Objects.requireNonNull(teller.await(still), "an answer has a generation")
                .isSameAs(generation);
    }

    @Override
    public Invalidation invalidateAll() {
        return generations.invalidateAll();
    }

    @Override
    public long pollsThatFound() {
        return pollsThatFound.sum();
    }

    @Override
    public void close() {
        closed = true;
        waiters.all(waiter -> waiter.fail(closedError()));
        generations.close();
        store.closed(this);
    }

    /** On the thread that sees the wire: a key of this space changed. */
    void changed(Link from, byte[] whole) {
        if (namespace.isGenerationKey(whole)) {
            generations.changed(from);
            return;
        }
        waiters.changed(ByteBuffer.wrap(whole)); // also while the generation is learnt again, for it may stay the same
        telling.changed(whole);
    }

    /**
     * Everything that this link showed may have changed: its server forgot all, or it is gone, and with it all that it
     * would have told. Who sleeps looks again, and fails if there is no way now.
     */
    void forgotten(Link link) {
        generations.lost(link);
        waiters.all(Waiter::changed);
    }

    /** What is waited for stands under a generation that nobody uses any more. */
    void generationChanged() {
        waiters.all(waiter -> waiter.moved());
    }

    /** The links over which it is better to send one invalidation again than all. */
    Set<Link> refusing() {
        return refusing;
    }

    Namespace namespace() {
        return namespace;
    }

    void checkRights(Link link) {
        Rights.warn(namespace, link);
    }

    Generations generations() {
        return generations;
    }

    /** Sends what is pending, as far as it can be sent. */
    void settle(@Nullable Link via) {
        Generation known = generations.knownOrNull();
        Link link = store.linkOrNull(namespace.generationKey(), via);
        if (link != null && (known == null || closed || store.invalidations().isAllPending(this))) {
            var unused = generations.ask(link);
        } else if (known != null) {
            store.invalidations().deletes().sendAgain(this, known, via, store);
        }
    }

    private Place place(K key) {
        requireOpen();
        Invalidations.Key bare = bare(key);
        Pending owed = store.invalidations().owed(bare); // before the generation: one of the whole cache may replace it
        Generation generation = generations.current();
        byte[] whole = Deletes.whole(generation, bare);
        Place place = new Place(bare, generation, whole, store.link(whole), owed);
        if (owed != null) {
            store.invalidations().deletes().sendBefore(place, owed);
        }
        return place;
    }

    Invalidations.Key bare(K key) {
        byte[] encoded = Objects.requireNonNull(keys.encode(key), "the key codec gave null");
        if (encoded.length > LongKeys.LONGEST_PLAIN) {
            longKeys.remember(encoded, key);
        }
        return new Invalidations.Key(this, ByteBuffer.wrap(encoded));
    }

    private void requireOpen() {
        if (closed) {
            throw closedError();
        }
    }

    private CacheClosedException closedError() {
        return new CacheClosedException("the cache '" + namespace.escaped() + "' is closed", null);
    }
}
