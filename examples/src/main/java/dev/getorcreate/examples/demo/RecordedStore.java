package dev.getorcreate.examples.demo;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.Watch;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** A shared store whose answers are noted with their time; it does nothing itself. */
final class RecordedStore implements SharedStore {

    private final SharedStore real;
    private final Journal journal;

    RecordedStore(SharedStore real, Journal journal) {
        this.real = real;
        this.journal = journal;
    }

    @Override
    public <K> SharedSpace<K> open(String cache, KeyCodec<K> keys, String codecId, Changes<K> changes) {
        return new Space<>(real.open(cache, keys, codecId, changes), keys, journal);
    }

    @Override
    public Duration maxStaleness() {
        return real.maxStaleness();
    }

    private record Space<K>(SharedSpace<K> real, KeyCodec<K> keys, Journal journal) implements SharedSpace<K> {

        @Override
        public Look look(K key, Watch watch) {
            long from = System.nanoTime();
            return noted(Event.Kind.GET, key, from, real.look(key, watch));
        }

        @Override
        public Look lookOrClaim(K key, Supplier<Claim> claim, Watch watch) {
            long from = System.nanoTime();
            AtomicLong claimed = new AtomicLong();
            Look look = real.lookOrClaim(
                    key,
                    () -> {
                        claimed.set(System.nanoTime());
                        return claim.get();
                    },
                    watch);
            if (claimed.get() == 0 || look instanceof Look.Present) { // a claim may go along with its look
                return noted(Event.Kind.GET, key, from, look);
            }
            write(Event.Kind.GET, key, from, claimed.get(), Event.NO);
            return noted(Event.Kind.CLAIM, key, claimed.get(), look);
        }

        @Override
        public Look claim(K key, Claim claim, byte @Nullable [] replacing, Watch watch) {
            long from = System.nanoTime();
            return noted(Event.Kind.CLAIM, key, from, real.claim(key, claim, replacing, watch));
        }

        @Override
        public Look next(K key, Look.Held held, long until, Watch watch) throws InterruptedException {
            long from = System.nanoTime();
            return noted(Event.Kind.WAIT, key, from, real.next(key, held, until, watch));
        }

        @Override
        public Published publish(K key, Claim claim, byte[] payload, Duration timeToLive, Watch watch) {
            long from = System.nanoTime();
            Published published = real.publish(key, claim, payload, timeToLive, watch);
            note(Event.Kind.SET, key, from, published == Published.PUBLISHED ? Event.YES : Event.NO);
            return published;
        }

        @Override
        public void release(K key, Claim claim, @Nullable Failure failure) {
            real.release(key, claim, failure);
        }

        @Override
        public Invalidation invalidate(K key) {
            return real.invalidate(key);
        }

        @Override
        public Invalidation invalidateAll() {
            return real.invalidateAll();
        }

        @Override
        public long pollsThatFound() {
            return real.pollsThatFound();
        }

        @Override
        public void close() {
            real.close();
        }

        private Look noted(Event.Kind kind, K key, long from, Look look) {
            int note = look instanceof Look.Held
                    ? Event.HELD
                    : look instanceof Look.Present || look instanceof Look.Granted ? Event.YES : Event.NO;
            note(kind, key, from, note);
            return look;
        }

        private void note(Event.Kind kind, K key, long from, int note) {
            write(kind, key, from, System.nanoTime(), note);
        }

        private void write(Event.Kind kind, K key, long from, long to, int note) {
            String name = new String(keys.encode(key), StandardCharsets.UTF_8);
            journal.write(kind, note, Names.number(name), from, to, 0);
        }
    }
}
