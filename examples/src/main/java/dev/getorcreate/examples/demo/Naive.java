package dev.getorcreate.examples.demo;

import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import io.lettuce.core.RedisClient;
import io.lettuce.core.SetArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.sync.RedisCommands;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/** The usual cache-aside: a check, and a set that comes later. Whoever looks in between creates as well. */
final class Naive implements Subject {

    private static final long TTL_SECONDS = 600;

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;
    private final RedisCommands<String, String> redis;
    private final String prefix;
    private final Records records;
    private final OrderCreator creator;
    private final Journal journal;

    Naive(Job job, OrderCreator creator, Journal journal) {
        this.client = RedisClient.create(job.redisUrl());
        this.connection = client.connect();
        this.redis = connection.sync();
        this.prefix = job.namespace() + ":";
        this.records = new Records(job);
        this.creator = creator;
        this.journal = journal;
    }

    @Override
    public Outcome<String> ask(String key) throws SQLException {
        String cached = get(key);
        if (cached != null) {
            return new Outcome<>(cached, Source.SHARED);
        }
        String created = creator.create(key);
        insert(key, created);
        set(key, created);
        return new Outcome<>(created, Source.CREATED);
    }

    // The three steps, as plain as they are, and each noted with its time.

    private @Nullable String get(String key) {
        long from = System.nanoTime();
        String value = redis.get(prefix + key);
        if (value == null) {
            journal.write(Event.Kind.GET, Event.NO, Names.number(key), from, System.nanoTime(), 0);
        }
        return value;
    }

    private void insert(String key, String record) throws SQLException {
        long from = System.nanoTime();
        records.insert(key, record);
        note(Event.Kind.INSERT, key, from, record);
    }

    private void set(String key, String record) {
        long from = System.nanoTime();
        redis.set(prefix + key, record, SetArgs.Builder.ex(TTL_SECONDS));
        note(Event.Kind.SET, key, from, record);
    }

    private void note(Event.Kind kind, String key, long from, String record) {
        journal.write(kind, Event.YES, Names.number(key), from, System.nanoTime(), Names.fingerprint(record));
    }

    @Override
    public String counters() {
        return "";
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
        records.close();
    }
}
