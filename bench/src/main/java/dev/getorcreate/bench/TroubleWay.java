package dev.getorcreate.bench;

import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import java.time.Duration;
import java.util.List;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/** One way to get or create a record over Redis and a table, in one process; all but one as they come, with the defaults. */
interface TroubleWay extends AutoCloseable {

    String OURS = "ours";
    String REDISSON = "redissonLock";
    String TUNED = "redissonTuned";
    List<String> NAMES = List.of(OURS, TUNED, REDISSON);

    /** What {@link Answer#source} is where Redis had the record. */
    String SHARED = "SHARED";
    /** What it is where the record came from the table. */
    String TABLE = "TABLE";

    Duration TIME_TO_LIVE = Duration.ofMinutes(5);

    /** The record, and where it came from. */
    record Answer(String value, String source) {}

    Answer getOrCreate(String key, Creator<String, String> creator) throws Exception;

    @Override
    void close();

    /**
     * The way of that name.
     *
     * @param table null: nobody decides for good; only {@link #OURS} goes without
     */
    static TroubleWay named(String name, String uri, @Nullable DataSource table) {
        if (name.equals(OURS)) {
            return new Ours(uri, table);
        }
        if (table == null || !NAMES.contains(name)) {
            throw new IllegalArgumentException("no way '" + name + "', or none without a table");
        }
        return name.equals(TUNED) ? new RedissonTuned(uri, table) : new RedissonLock(uri, table);
    }

    /** This library. */
    final class Ours implements TroubleWay {
        private final RedisSharedStore store;
        private final GetOrCreateCache<String, String> cache;

        Ours(String uri, @Nullable DataSource table) {
            store = RedisSharedStore.builder(uri).build();
            var builder = GetOrCreateCache.<String, String>builder("trouble")
                    .local(CaffeineLocal.defaults())
                    .shared(store, KeyCodec.string(), Codec.string())
                    .timeToLive(TIME_TO_LIVE);
            cache = (table == null ? builder : builder.arbiter(arbiter(table))).build();
        }

        private static JdbcArbiter<String, String> arbiter(DataSource table) {
            return JdbcArbiter.<String, String>on(table)
                    .table("records")
                    .key("key", key -> key)
                    .columns((row, key, record) -> row.set("value", record))
                    .mapper(row -> row.getString("value"))
                    .build();
        }

        @Override
        public Answer getOrCreate(String key, Creator<String, String> creator) {
            Outcome<String> outcome = cache.obtain(key, creator);
            return new Answer(outcome.value(), outcome.source().name());
        }

        @Override
        public void close() {
            cache.close();
            store.close();
        }
    }
}
