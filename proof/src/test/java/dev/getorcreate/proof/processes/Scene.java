package dev.getorcreate.proof.processes;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.testkit.OwnPostgres;
import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import javax.sql.DataSource;
import org.awaitility.core.ConditionFactory;

/**
 * One test's table, cache name and processes; closing it ends the processes, also frozen ones. The servers are the test
 * class's.
 */
final class Scene implements AutoCloseable {

    private static final AtomicInteger NUMBER = new AtomicInteger();

    private static final Pattern GET_CALLS = Pattern.compile("cmdstat_get:calls=(\\d+)");

    private final RedisServer redis;
    private final String jdbcUrl;
    private final DataSource database;
    private final String name = "s" + ProcessHandle.current().pid() + "_" + NUMBER.incrementAndGet();
    private final List<CacheClient> processes = new ArrayList<>();

    Scene(RedisServer redis, PostgresServer postgres) {
        this(redis, postgres.jdbcUrl(), postgres.dataSource());
    }

    Scene(RedisServer redis, OwnPostgres postgres) {
        this(redis, postgres.jdbcUrl(), postgres.dataSource());
    }

    private Scene(RedisServer redis, String jdbcUrl, DataSource database) {
        this.redis = redis;
        this.jdbcUrl = jdbcUrl;
        this.database = database;
        sql("CREATE TABLE " + name + " (key text NOT NULL, value text NOT NULL, CONSTRAINT " + name
                + "_key UNIQUE (key))");
    }

    static RedisServer needRedis() {
        return Servers.need("Redis", RedisServer::startOwn);
    }

    static PostgresServer needPostgres() {
        return Servers.need("PostgreSQL", PostgresServer::shared);
    }

    /** Waits for what is due at any moment. */
    static ConditionFactory soon() {
        return await().atMost(CacheClient.PATIENCE).pollDelay(Duration.ZERO).pollInterval(Duration.ofMillis(10));
    }

    /** All three tiers. */
    Setup usual() {
        return Setup.of("none", name).redis(redis.uri()).jdbc(jdbcUrl).table(name);
    }

    /** One process more. */
    CacheClient start(UnaryOperator<Setup> how) {
        return begin(how).awaitReady();
    }

    private CacheClient begin(UnaryOperator<Setup> how) {
        String process = String.valueOf((char) ('A' + processes.size()));
        CacheClient client = CacheClient.start(how.apply(usual()).process(process));
        processes.add(client);
        return client;
    }

    /** So many processes more, all alike. */
    List<CacheClient> start(int number, UnaryOperator<Setup> how) {
        List<CacheClient> begun =
                IntStream.range(0, number).mapToObj(i -> begin(how)).toList();
        begun.forEach(CacheClient::awaitReady);
        return begun;
    }

    List<CacheClient> start(int number) {
        return start(number, setup -> setup);
    }

    void insertRow(String key, String value) {
        sql("INSERT INTO " + name + " (key, value) VALUES (?, ?)", key, value);
    }

    void changeRow(String key, String value) {
        sql("UPDATE " + name + " SET value = ? WHERE key = ?", value, key);
    }

    /** The rows; there are no two of a key. */
    Map<String, String> rows() {
        Map<String, String> rows = new TreeMap<>();
        try (Connection connection = database.getConnection();
                PreparedStatement select = connection.prepareStatement("SELECT key, value FROM " + name);
                ResultSet row = select.executeQuery()) {
            while (row.next()) {
                String other = rows.put(row.getString(1), row.getString(2));
                assertEquals(null, other, "another row of the key " + row.getString(1));
            }
            return rows;
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    private void sql(String text, String... parameters) {
        try (Connection connection = database.getConnection();
                PreparedStatement statement = connection.prepareStatement(text)) {
            for (int i = 0; i < parameters.length; i++) {
                statement.setString(i + 1, parameters[i]);
            }
            statement.executeUpdate();
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }

    /** What stands at the key in Redis, header and all, or "". */
    String inRedis(String key) {
        return String.valueOf(redis.command("GET", name + ":" + redis.command("GET", name + ":generation") + ":" + key))
                .replace("null", "");
    }

    /**
     * Runs the task, and waits until so many reads more than before have reached Redis: then those that it began know
     * what stands there, and wait for it or will do so at once.
     */
    void awaitReads(int reads, Runnable task) {
        long before = readsOfRedis();
        task.run();
        soon().until(() -> readsOfRedis() >= before + reads);
    }

    private long readsOfRedis() {
        Matcher calls = GET_CALLS.matcher(String.valueOf(redis.command("INFO", "commandstats")));
        return calls.find() ? Long.parseLong(calls.group(1)) : 0;
    }

    long sum(String counter) {
        return processes.stream()
                .filter(process -> process.process().isAlive())
                .mapToLong(process -> process.stat(counter))
                .sum();
    }

    @Override
    public void close() {
        processes.forEach(CacheClient::close);
        sql("DROP TABLE " + name);
    }
}
