package dev.getorcreate.bench;

import dev.getorcreate.testkit.RedisServer;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisFuture;
import io.lettuce.core.TrackingArgs;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.api.push.PushMessage;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Consumer;
import java.util.stream.Stream;

/**
 * What it costs the server to tell eight connections of changes: by default, of what each has read; or by BCAST, of every
 * write to keys that begin with the cache's name. Keys are deleted one by one, as invalidations come.
 */
final class Broadcast {

    private static final int READERS = 8;
    private static final int BATCH = 50;
    private static final String CACHE = "cache:";
    /** Deleted so many at a time, as many writers at once would: BCAST may put several keys into one message. */
    private static final String BURSTS = "nobody, in bursts";

    private static final List<String> MODES = List.of("none", "default", "bcast");
    private static final List<String> READ_BY = List.of("nobody", "one", "all", BURSTS);

    private final RedisServer redis;
    private final int keys;
    private final AtomicLong pushed = new AtomicLong();

    private Broadcast(RedisServer redis, int keys) {
        this.redis = redis;
        this.keys = keys;
    }

    /** {@code [--quick] [--rounds N] [--keys N]}. */
    public static void main(String[] args) {
        Quiet.logs();
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        int rounds = given.count("--rounds", quick ? 1 : 3);
        int keys = given.count("--keys", quick ? 2_000 : 10_000);
        given.end();
        String before = Machine.load();
        BroadcastFigures figures = new BroadcastFigures();
        for (int round = 0; round < rounds; round++) {
            for (String mode : MODES) {
                System.err.println("round " + (round + 1) + " of " + rounds + ": " + mode);
                try (RedisServer redis = RedisServer.startOwn()) {
                    new Broadcast(redis, keys).measure(mode, figures);
                }
            }
        }
        System.out.printf("%nAt the start: %s.%nAt the end: %s.%n%n", before, Machine.load());
        System.out.printf("%d connections, %d keys of each kind, medians of %d rounds.%n%n", READERS, keys, rounds);
        figures.print(before, MODES, READ_BY);
    }

    private void measure(String mode, BroadcastFigures figures) {
        RedisClient client = RedisClient.create(redis.uri());
        try {
            StatefulRedisConnection<String, String> writer = client.connect();
            READ_BY.forEach(set -> inBatches(set, names -> {
                Map<String, String> values = new LinkedHashMap<>();
                names.forEach(name -> values.put(name, "x".repeat(100)));
                String unused = writer.sync().mset(values);
            }));
            List<StatefulRedisConnection<String, String>> readers = new ArrayList<>();
            for (int i = 0; i < READERS; i++) {
                readers.add(client.connect());
            }
            pause();
            double memory = Info.number(redis, "memory", "used_memory");
            readers.forEach(reader -> arm(mode, reader));
            readers.forEach(reader -> read("all", reader));
            read("one", readers.get(0));
            pause();
            figures.add(mode + "Memory", (Info.number(redis, "memory", "used_memory") - memory) / 1024);
            READ_BY.forEach(set -> delete(mode + set, set, writer, figures));
        } finally {
            client.shutdown(0, 1, TimeUnit.SECONDS);
        }
    }

    private void arm(String mode, StatefulRedisConnection<String, String> reader) {
        if (!mode.equals("none")) {
            TrackingArgs args = TrackingArgs.Builder.enabled();
            String unused = reader.sync()
                    .clientTracking(mode.equals("bcast") ? args.bcast().prefixes(CACHE) : args);
            reader.addListener((PushMessage message) -> {
                if ("invalidate".equals(message.getType())
                        && message.getContent().get(1) instanceof List<?> told) {
                    pushed.addAndGet(told.size());
                }
            });
        }
    }

    private void read(String set, StatefulRedisConnection<String, String> reader) {
        inBatches(set, names -> {
            var unused = reader.sync().mget(names.toArray(String[]::new));
        });
    }

    private void inBatches(String set, Consumer<List<String>> batch) {
        for (int from = 0; from < keys; from += BATCH) {
            List<String> names = new ArrayList<>();
            for (int i = from; i < Math.min(keys, from + BATCH); i++) {
                names.add(CACHE + set + ":" + i);
            }
            batch.accept(names);
        }
    }

    private void delete(
            String name, String set, StatefulRedisConnection<String, String> writer, BroadcastFigures figures) {
        long told = pushed.get();
        double cpu = cpu();
        double bytes = Info.number(redis, "stats", "total_net_output_bytes");
        inBatches(set, names -> {
            Stream<RedisFuture<Long>> deleting = names.stream().map(writer.async()::del);
            if (set.equals(BURSTS)) {
                deleting = deleting.toList().stream(); // all are sent before the first is waited for
            }
            deleting.forEach(each -> each.toCompletableFuture().join());
        });
        pause();
        figures.add(name + "Cpu", (cpu() - cpu) * 1e6 / keys);
        figures.add(name + "Bytes", (Info.number(redis, "stats", "total_net_output_bytes") - bytes) / keys);
        figures.add(name + "Told", (pushed.get() - told) / (double) keys);
    }

    /** Until what was written has arrived. */
    private static void pause() {
        Pause.millis(1000);
    }

    private double cpu() {
        return Info.number(redis, "cpu", "used_cpu_user") + Info.number(redis, "cpu", "used_cpu_sys");
    }
}
