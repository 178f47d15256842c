package dev.getorcreate.bench;

import com.zaxxer.hikari.HikariConfig;
import com.zaxxer.hikari.HikariDataSource;
import dev.getorcreate.Arbiter;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Source;
import dev.getorcreate.bench.HandWritten.Row;
import dev.getorcreate.jdbc.JdbcArbiter;
import dev.getorcreate.testkit.PostgresServer;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * Rows created through the arbiter beside JDBC by hand, on one PostgreSQL and one pool, in turns. The embedded server does not
 * sync commits to disk: so a creation takes a fraction of what it takes elsewhere, and the code's own share is a large one.
 */
final class Creation {

    private static final int RACERS = 64;
    private static final int POOL = 16;
    private static final String VALUE = "x".repeat(100);

    /** One way to get a key's row. */
    private interface Way {
        Row row(String key) throws Exception;
    }

    private final HikariDataSource pool;
    private final Arbiter<String, Row> arbiter;
    private final Way byArbiter;
    private final Way byHand;

    private Creation(HikariDataSource pool) {
        this.pool = pool;
        this.arbiter = JdbcArbiter.<String, Row>on(pool)
                .table("records")
                .key("key", key -> key)
                .columns((row, key, record) -> row.set("value", record.value()))
                .mapper(Row::of)
                .build();
        // As the engine does.
        this.byArbiter = key -> {
            Row found = arbiter.find(key).orElse(null);
            return found != null
                    ? found
                    : arbiter.insert(key, new Row(-1, key, VALUE)).winner();
        };
        HandWritten hand = new HandWritten(pool);
        this.byHand = key -> hand.getOrCreate(key, same -> VALUE);
    }

    /** {@code [--quick] [--rounds N] [--keys N] [--races N]}; keys and races are those of one round. */
    public static void main(String[] args) throws Exception {
        Quiet.logs();
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        int rounds = given.count("--rounds", quick ? 3 : 7);
        int keys = given.count("--keys", quick ? 400 : 1_000);
        int races = given.count("--races", quick ? 20 : 40);
        given.end();
        try (PostgresServer server = PostgresServer.start()) {
            HikariConfig config = new HikariConfig();
            config.setDataSource(server.dataSource());
            config.setMaximumPoolSize(POOL);
            try (HikariDataSource pool = new HikariDataSource(config)) {
                try (Connection connection = pool.getConnection()) {
                    HandWritten.createTable(connection);
                }
                new Creation(pool).measure(rounds, keys, races, quick);
            }
        }
    }

    private void measure(int rounds, int keys, int races, boolean quick) throws Exception {
        String before = Machine.load();
        alone("warm", quick ? 500 : 15_000);
        raced("warm-race", quick ? 20 : 100);
        List<CreationRound> alone = new ArrayList<>();
        List<CreationRound> raced = new ArrayList<>();
        for (int round = 0; round < rounds; round++) {
            System.err.printf("creation: round %d of %d%n", round + 1, rounds);
            alone.add(CreationRound.of(alone("alone" + round + "-", keys)));
            raced.add(CreationRound.of(raced("raced" + round + "-", races)));
        }
        long burnt = burntBy(quick ? 1_000 : 10_000, keys);
        System.out.printf("%nAt the start: %s.%nAt the end: %s.%n%n", before, Machine.load());
        System.out.printf(
                "Medians of %d rounds, least and greatest; both ways take turns key by key, and a ratio is of one"
                        + " round.%n%n",
                rounds);
        System.out.println(CreationRound.HEAD);
        CreationRound.print("uncontended", alone);
        CreationRound.print(RACERS + " racing callers, pool of " + POOL, raced);
        System.out.printf("%nSequence values burnt by expiries of rows that are there: %d.%n%n", burnt);
        Map<String, Object> result = new LinkedHashMap<>();
        CreationRound.put(result, "aloneRatio", alone);
        CreationRound.put(result, "racedRatio", raced);
        result.put("sequenceValuesBurnt", burnt);
        Results.write(
                "Creation", Map.of("machineAtTheStart", before, "result", result, "alone", alone, "raced", raced));
        Results.print(result);
    }

    /** In turns, so that what the machine does meanwhile is in both; who is first changes too. */
    private Samples[] alone(String prefix, int keys) throws Exception {
        Samples[] samples = {new Samples(), new Samples()};
        Way[] ways = {byHand, byArbiter};
        for (int i = 0; i < keys; i++) {
            for (int turn = 0; turn < 2; turn++) {
                int which = (i + turn) % 2;
                String key = prefix + which + '-' + i;
                long start = System.nanoTime();
                ways[which].row(key);
                samples[which].add(System.nanoTime() - start);
            }
        }
        return samples;
    }

    private Samples[] raced(String prefix, int keys) throws Exception {
        Samples[] samples = {new Samples(), new Samples()};
        Way[] ways = {byHand, byArbiter};
        ExecutorService racers = Executors.newFixedThreadPool(RACERS);
        try {
            for (int i = 0; i < keys; i++) {
                for (int turn = 0; turn < 2; turn++) {
                    int which = (i + turn) % 2;
                    race(racers, ways[which], prefix + which + '-' + i, samples[which]);
                }
            }
        } finally {
            racers.shutdownNow();
        }
        return samples;
    }

    private static void race(ExecutorService racers, Way way, String key, Samples samples) throws Exception {
        CyclicBarrier together = new CyclicBarrier(RACERS);
        List<Future<Long>> durations = new ArrayList<>();
        for (int racer = 0; racer < RACERS; racer++) {
            durations.add(racers.submit(() -> {
                together.await();
                long start = System.nanoTime();
                way.row(key);
                return System.nanoTime() - start;
            }));
        }
        for (Future<Long> duration : durations) {
            samples.add(duration.get());
        }
    }

    /** Without a tier above the arbiter each call is what an expired entry leads to. */
    private long burntBy(int expiries, int keys) throws SQLException {
        try (GetOrCreateCache<String, Row> cache = GetOrCreateCache.<String, Row>builder("expired")
                .arbiter(arbiter)
                .build()) {
            long before = number("SELECT last_value FROM records_id_seq");
            for (int i = 0; i < expiries; i++) {
                Source source = cache.obtain("alone0-0-" + i % keys, key -> new Row(-1, key, VALUE))
                        .source();
                if (source != Source.FOUND) {
                    throw new IllegalStateException("a row that is there was " + source);
                }
            }
            return number("SELECT last_value FROM records_id_seq") - before;
        }
    }

    private long number(String sql) throws SQLException {
        try (Connection connection = pool.getConnection();
                Statement statement = connection.createStatement();
                ResultSet row = statement.executeQuery(sql)) {
            row.next();
            return row.getLong(1);
        }
    }
}
