package dev.getorcreate.examples.demo;

import io.lettuce.core.KeyScanCursor;
import io.lettuce.core.RedisClient;
import io.lettuce.core.ScanArgs;
import io.lettuce.core.ScanCursor;
import io.lettuce.core.api.StatefulRedisConnection;
import java.util.List;
import java.util.Set;

/** The parent's way to Redis: counts commands, flushes, tidies up. */
final class Redis implements AutoCloseable {

    /** What connections and their keeping cost, rather than keys. */
    private static final Set<String> HOUSEKEEPING = Set.of(
            "ping",
            "hello",
            "auth",
            "client",
            "select",
            "info",
            "config",
            "command",
            "script",
            "flushall",
            "scan",
            "unlink",
            "quit",
            "readonly");

    /** The server's count of commands at a moment. */
    record Mark(long at, long commands) {}

    private final RedisClient client;
    private final StatefulRedisConnection<String, String> connection;

    Redis(String url) {
        this.client = RedisClient.create(url);
        this.connection = client.connect();
    }

    Mark mark() {
        String stats = connection.sync().info("commandstats");
        return new Mark(System.nanoTime(), commands(stats));
    }

    /** How many commands concerned keys, those inside of scripts included (the server counts them as well). */
    static long commands(String stats) {
        long sum = 0;
        for (String line : stats.lines().toList()) {
            // cmdstat_set:calls=12,usec=...  or, for a subcommand, cmdstat_client|tracking:calls=...
            int colon = line.indexOf(':');
            if (!line.startsWith("cmdstat_") || colon < 0) {
                continue;
            }
            String name = line.substring("cmdstat_".length(), colon);
            int bar = name.indexOf('|');
            if (!HOUSEKEEPING.contains(bar < 0 ? name : name.substring(0, bar))) {
                int from = line.indexOf("calls=", colon) + "calls=".length();
                sum += Long.parseLong(line.substring(from, line.indexOf(',', from)));
            }
        }
        return sum;
    }

    void flushAll() {
        connection.sync().flushall();
    }

    /** Removes the keys that have this text in their name. */
    void remove(String namespace) {
        ScanArgs match = ScanArgs.Builder.matches("*" + namespace + "*").limit(1_000);
        KeyScanCursor<String> cursor = connection.sync().scan(ScanCursor.INITIAL, match);
        while (true) {
            List<String> keys = cursor.getKeys();
            if (!keys.isEmpty()) {
                connection.sync().unlink(keys.toArray(String[]::new));
            }
            if (cursor.isFinished()) {
                return;
            }
            cursor = connection.sync().scan(cursor, match);
        }
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown();
    }
}
