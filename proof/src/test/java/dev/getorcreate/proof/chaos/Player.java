package dev.getorcreate.proof.chaos;

import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.testkit.ChildJvm;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.locks.LockSupport;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A child process: makes ready, plays its part when told {@code go MOMENT}, reads everything once more when told
 * {@code audit}, and ends when told {@code bye}, or when its parent ends.
 */
public final class Player {

    static final String READY = "ready";
    static final String PLAYED = "played";
    static final String AUDITED = "audited";
    static final String WARM_UP = "warm-";

    static final Duration MAX_STALENESS = Duration.ofSeconds(1);

    static final Duration MAX_CREATION_TIME = Duration.ofSeconds(3);
    static final Duration WAIT_TIMEOUT = Duration.ofSeconds(6);
    private static final Duration TIME_TO_LIVE = Duration.ofMinutes(10);
    private static final int WARM_UP_KEYS = 60;

    /** Held, for a logger nobody holds forgets its level. */
    private static final List<Logger> LOGS = List.of(Logger.getLogger("dev.getorcreate"), Logger.getLogger("io"));

    private Player() {}

    /** Runs until told to end. */
    public static void main(String[] args) throws Exception {
        BlockingQueue<String> told = ChildJvm.endWithParent();
        LOGS.forEach(log -> log.setLevel(Level.OFF));
        Job job = Job.parse(args);
        DataSource pool = Records.pool(job.jdbc());
        try (HistoryWriter history = new HistoryWriter(job.folder(), job.process(), job.life());
                RedisSharedStore store = Topology.store(job)) {
            Calls calls = new Calls(job, history, Records.in(pool, Records.TABLE));
            GetOrCreateCache<String, String> cache = cache(job, store, pool, calls);
            warmUp(job, cache);
            Naive naive = naive(job, calls, pool);
            Pulse pulse = Pulse.start(nanos -> history.write(Event.Kind.STALL, 0, Event.NO_KEY, nanos));
            System.out.println(READY);
            long start = Long.parseLong(told.take().split(" ")[1]);
            Traffic traffic = Traffic.of(job, cache, calls);
            if (naive != null) {
                traffic.playNaive(start, naive);
                naive.close();
            }
            traffic.play(start + job.naiveSeconds() * 1_000_000_000L);
            System.out.println(PLAYED);
            told.take();
            traffic.audit();
            pulse.stop();
            history.write(Event.Kind.BYE, 0, Event.NO_KEY, "");
            System.out.println(AUDITED);
            told.take();
            cache.close();
        }
        Runtime.getRuntime().halt(0);
    }

    /** One that takes the place of a killed process comes when the control has been played. */
    private static @Nullable Naive naive(Job job, Calls calls, DataSource pool) {
        if (job.life() > 1) {
            return null;
        }
        Naive naive = new Naive(job, calls, Records.in(pool, Records.NAIVE));
        for (int i = 0; i < WARM_UP_KEYS; i++) {
            naive.getOrCreate(WARM_UP + job.process() + "-" + i % 4);
        }
        return naive;
    }

    private static GetOrCreateCache<String, String> cache(
            Job job, RedisSharedStore store, DataSource pool, Calls calls) {
        CacheBuilder<String, String> builder = GetOrCreateCache.<String, String>builder("chaos")
                .local(CaffeineLocal.defaults())
                .shared(store, KeyCodec.string(), Codec.string())
                .timeToLive(TIME_TO_LIVE)
                .lease(Patience.of(job.dense()).lease())
                .maxCreationTime(MAX_CREATION_TIME)
                .waitTimeout(WAIT_TIMEOUT);
        if (job.arbiter()) {
            builder.arbiter(new RecordedArbiter(pool, calls));
        }
        return builder.build();
    }

    /** On keys of its own, and not written down: a cold JVM is slower than any time-out. */
    private static void warmUp(Job job, GetOrCreateCache<String, String> cache) {
        for (int i = 0; i < WARM_UP_KEYS; i++) {
            String key = WARM_UP + job.process() + "-" + job.life() + "-" + i;
            try {
                cache.obtain(key, absent -> Value.first(absent, "warm").toString());
                cache.find(key);
                cache.invalidate(key);
            } catch (RuntimeException e) {
                LockSupport.parkNanos(50_000_000L); // no connection yet
            }
        }
    }
}
