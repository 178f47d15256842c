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
import org.redisson.Redisson;
import org.redisson.api.RBucket;
import org.redisson.api.RLock;
import org.redisson.api.RedissonClient;
import org.redisson.client.codec.StringCodec;
import org.redisson.config.Config;
import org.redisson.config.SingleServerConfig;

/** One way to get or create a record over Redis and a table, in one process; as it comes, with the defaults. */
interface TroubleWay extends AutoCloseable {

    String OURS = "ours";
    String REDISSON = "redissonLock";
    List<String> NAMES = List.of(OURS, REDISSON);

    /** What {@link Answer#source} is where Redis had the record. */
    String SHARED = "SHARED";

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
        if (table == null || !name.equals(REDISSON)) {
            throw new IllegalArgumentException("no way '" + name + "', or none without a table");
        }
        return new RedissonLock(uri, table);
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

    /** Get; if missing, lock, get again, ask the table as one does by hand, set. As Redisson's documentation would have it. */
    final class RedissonLock implements TroubleWay {
        private final RedissonClient client;
        private final HandWritten table;

        RedissonLock(String uri, DataSource table) {
            this.client = Redisson.create(config(uri));
            this.table = new HandWritten(table);
        }

        private static Config config(String uri) {
            Config config = new Config();
            config.useSingleServer().setAddress(uri);
            config.setCodec(StringCodec.INSTANCE);
            return config;
        }

        /** What decides how long its callers wait, for a table. */
        static String settings() {
            Config config = new Config();
            SingleServerConfig server = config.useSingleServer();
            return String.format(
                    "timeout %d ms, retryAttempts %d, retryDelay %s, connectTimeout %d ms, lockWatchdogTimeout %d ms",
                    server.getTimeout(),
                    server.getRetryAttempts(),
                    delays(server),
                    server.getConnectTimeout(),
                    config.getLockWatchdogTimeout());
        }

        private static String delays(SingleServerConfig server) {
            StringBuilder delays = new StringBuilder();
            for (int attempt = 0; attempt < server.getRetryAttempts(); attempt++) {
                delays.append(attempt == 0 ? "" : "/")
                        .append(server.getRetryDelay().calcDelay(attempt).toMillis());
            }
            return server.getRetryDelay().getClass().getSimpleName() + " (now " + delays + " ms)";
        }

        @Override
        public Answer getOrCreate(String key, Creator<String, String> creator) throws Exception {
            RBucket<String> bucket = client.getBucket(key);
            String there = bucket.get();
            if (there != null) {
                return new Answer(there, SHARED);
            }
            RLock lock = client.getLock("lock:" + key);
            lock.lock();
            try {
                String now = bucket.get();
                if (now != null) {
                    return new Answer(now, SHARED);
                }
                String record = table.getOrCreate(key, creator).value();
                bucket.set(record, TIME_TO_LIVE);
                return new Answer(record, "TABLE");
            } finally {
                lock.unlock();
            }
        }

        @Override
        public void close() {
            client.shutdown();
        }
    }
}
