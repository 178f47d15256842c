package dev.getorcreate.examples.demo;

import dev.getorcreate.Arbiter;
import dev.getorcreate.CacheBuilder;
import dev.getorcreate.CacheStats;
import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import java.time.Duration;

/** The one operation in place of a check and a set. */
final class Cured implements Subject {

    /** Longer than the default: here servers and all processes compete for the cores of one machine. */
    private static final Duration ONE_MACHINE = Duration.ofSeconds(2);

    private final RedisSharedStore redis;
    private final Records records;
    private final GetOrCreateCache<String, String> cache;
    private final Creator<String, String> creator;

    /** With the table's constraint as the arbiter, or without any: then the creator inserts the row itself. */
    Cured(Job job, OrderCreator creator, Journal journal) {
        this.redis = RedisSharedStore.builder(job.redisUrl())
                .commandTimeout(ONE_MACHINE)
                .build();
        this.records = new Records(job);
        CacheBuilder<String, String> builder = GetOrCreateCache.<String, String>builder(job.namespace())
                .local(CaffeineLocal.defaults())
                .shared(new RecordedStore(redis, journal), KeyCodec.string(), Codec.string())
                .timeToLive(Duration.ofMinutes(10));
        if (job.mode() == Mode.CURED) {
            builder.arbiter(new RecordedArbiter(arbiter(), journal));
            this.creator = creator;
        } else {
            this.creator = key -> inserted(key, creator.create(key), journal);
        }
        this.cache = builder.build();
    }

    private Arbiter<String, String> arbiter() {
        return JdbcArbiter.<String, String>on(records.dataSource())
                .table("records")
                .key("key", key -> key)
                .columns((row, key, body) -> row.set("body", body))
                .mapper(row -> row.getString("body"))
                .build();
    }

    private String inserted(String key, String record, Journal journal) throws Exception {
        long from = System.nanoTime();
        records.insert(key, record);
        journal.write(
                Event.Kind.INSERT, Event.YES, Names.number(key), from, System.nanoTime(), Names.fingerprint(record));
        return record;
    }

    @Override
    public Outcome<String> ask(String key) {
        return cache.obtain(key, creator);
    }

    @Override
    public String counters() {
        CacheStats stats = cache.stats();
        return "conflictsAdopted=" + stats.conflictsAdopted()
                + " claimsLost=" + stats.claimsLost()
                + " publishesRejected=" + stats.publishesRejected()
                + " pollsThatFound=" + stats.pollsThatFound()
                + " sharedStoreErrors=" + stats.sharedStoreErrors();
    }

    @Override
    public void close() {
        cache.close();
        redis.close();
        records.close();
    }
}
