package dev.getorcreate.bench;

import dev.getorcreate.CacheException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.redis.RedisSharedStoreBuilder;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.ChildJvm;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.resource.ClientResources;
import java.time.Duration;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;

/**
 * A process that reads a key from its local entry, over and over, and says when that ended. A record is the moment at
 * which it was made, so no two are equal. Moments are on the clock that all processes of a machine share.
 */
final class CoherenceReader {

    static final String CACHE = "coherence";
    static final Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    private static final long EVERY = TimeUnit.MICROSECONDS.toNanos(50);
    private static final long EVERY_MILLI = TimeUnit.MILLISECONDS.toNanos(1);
    private static final long LONGEST = TimeUnit.MINUTES.toNanos(1);

    private final GetOrCreateCache<String, String> cache;
    private final BlockingQueue<String> lines;

    private CoherenceReader(GetOrCreateCache<String, String> cache, BlockingQueue<String> lines) {
        this.cache = cache;
        this.lines = lines;
    }

    /** Arguments: topology, URIs, way. Then lines {@code gone key}, or {@code old key} and {@code stop}. */
    public static void main(String[] args) throws InterruptedException {
        Quiet.logs();
        BlockingQueue<String> lines = ChildJvm.endWithParent();
        ClientResources resources = ReaderWay.resources(args[2]);
        if (resources == null) {
            serve(Site.store(args[0], args[1]), lines);
            return;
        }
        AbstractRedisClient client = Site.client(args[0], args[1], resources);
        try {
            serve(Site.store(client, args[1]), lines);
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
            resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }

    private static void serve(RedisSharedStoreBuilder builder, BlockingQueue<String> lines)
            throws InterruptedException {
        try (RedisSharedStore store = builder.build();
                GetOrCreateCache<String, String> cache = cache(store)) {
            CoherenceReader reader = new CoherenceReader(cache, lines);
            System.out.println("ready");
            while (true) {
                String[] order = lines.take().split(" ", -1);
                System.out.println(order[0].equals("gone") ? reader.gone(order[1]) : reader.old(order[1]));
            }
        }
    }

    static GetOrCreateCache<String, String> cache(RedisSharedStore store) {
        return GetOrCreateCache.<String, String>builder(CACHE)
                .local(CaffeineLocal.defaults())
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(TIME_TO_LIVE)
                .build();
    }

    private Outcome<String> ask(String key) {
        return cache.obtain(key, any -> Long.toString(System.nanoTime()));
    }

    /** Until the answer comes from the local entry. */
    private String watch(String key) {
        long end = System.nanoTime() + LONGEST;
        while (System.nanoTime() - end < 0) {
            try {
                Outcome<String> answer = ask(key);
                if (answer.source() == Source.LOCAL) {
                    System.out.println("watching");
                    return answer.value();
                }
            } catch (CacheException e) {
                LockSupport.parkNanos(EVERY_MILLI); // it reconnects after the fault before
            }
        }
        throw new IllegalStateException("no local entry of '" + key + "'");
    }

    /** The moment before the first call that was no longer answered locally, and how long a poll took on average. */
    private String gone(String key) {
        String unused = watch(key);
        long began = System.nanoTime();
        long before = began;
        long polls = 1;
        while (isLocal(key)) {
            LockSupport.parkNanos(EVERY);
            before = System.nanoTime();
            polls++;
            if (before - began > LONGEST) {
                throw new IllegalStateException("'" + key + "' is still local");
            }
        }
        return "gone " + before + " " + (before - began) / polls;
    }

    private boolean isLocal(String key) {
        try {
            return ask(key).source() == Source.LOCAL;
        } catch (CacheException e) {
            return false;
        }
    }

    /** The moment before the last call that was answered with what it watched, until it is told to stop. */
    private String old(String key) {
        String first = watch(key);
        long lastOld = System.nanoTime();
        boolean fresh = false;
        CallerErrors errors = new CallerErrors();
        long end = System.nanoTime() + LONGEST;
        while (lines.poll() == null) {
            long before = System.nanoTime();
            if (before - end > 0) {
                throw new IllegalStateException("nobody said stop");
            }
            try {
                if (ask(key).value().equals(first)) {
                    lastOld = before;
                } else if (!fresh) {
                    fresh = true;
                    System.out.println("fresh");
                }
            } catch (CacheException e) {
                errors.add(e);
            }
            LockSupport.parkNanos(EVERY_MILLI);
        }
        return "old " + lastOld + " " + errors.line();
    }
}
