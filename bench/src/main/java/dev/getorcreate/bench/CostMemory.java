package dev.getorcreate.bench;

import dev.getorcreate.Source;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/**
 * What Redis keeps: by its own {@code MEMORY USAGE} for a key, and by the growth of {@code used_memory} for what it
 * remembers of who read what.
 *
 * @param trackingFirst for each key that one process has read
 * @param trackingFurther for each key that a further process has read too
 */
record CostMemory(
        long claim,
        long record,
        int keyLength,
        int payload,
        double trackingFirst,
        double trackingFurther,
        long trackedKeys,
        int keys) {

    private static final String PREFIX = "memory-";

    static CostMemory measure(RedisServer redis, CountedProcess one, CountedProcess other, int keys, String payload) {
        long[] claim = {0};
        one.ask(PREFIX + "claim", Source.CREATED, key -> {
            claim[0] = usage(redis, whole(redis, key));
            return payload;
        });
        String record = whole(redis, PREFIX + "claim");
        String prefix = record.substring(0, record.length() - (PREFIX + "claim").length());
        for (int i = 0; i < keys; i++) {
            one.ask(PREFIX + i, Source.CREATED, key -> payload);
        }
        for (int i = 0; i < keys; i++) {
            redis.command("PEXPIRE", prefix + PREFIX + i, "600000"); // counts as a write: nobody tracks it any more
        }
        long tracked = number(redis, "stats", "tracking_total_keys");
        long before = usedMemory(redis);
        readAll(other, keys);
        long alone = usedMemory(redis);
        try (CountedProcess third = new CountedProcess(redis, Duration.ofHours(1))) {
            third.ask(PREFIX + "claim", Source.SHARED, key -> payload);
            long connected = usedMemory(redis);
            long nowTracked = number(redis, "stats", "tracking_total_keys");
            readAll(third, keys);
            return new CostMemory(
                    claim[0],
                    usage(redis, record),
                    record.length(),
                    payload.length(),
                    (alone - before) / (double) keys,
                    (usedMemory(redis) - connected) / (double) keys,
                    nowTracked - tracked,
                    keys);
        }
    }

    private static void readAll(CountedProcess process, int keys) {
        for (int i = 0; i < keys; i++) {
            process.ask(PREFIX + i, Source.SHARED, key -> "never");
        }
    }

    private static String whole(RedisServer redis, String key) {
        if (redis.command("KEYS", "*:" + key) instanceof List<?> found && found.size() == 1) {
            return String.valueOf(found.get(0));
        }
        throw new IllegalStateException("no single key that ends with '" + key + "'");
    }

    private static long usage(RedisServer redis, String key) {
        return redis.command("MEMORY", "USAGE", key) instanceof Long bytes ? bytes : -1;
    }

    /** Once buffers of connections are empty again. */
    private static long usedMemory(RedisServer redis) {
        Pause.millis(500);
        return number(redis, "memory", "used_memory");
    }

    private static long number(RedisServer redis, String section, String field) {
        return (long) Info.number(redis, section, field);
    }

    void print() {
        System.out.printf("| in Redis | bytes |%n|---|---|%n");
        System.out.printf("| a claim, key of %d characters | %d |%n", keyLength, claim);
        System.out.printf("| a record with a payload of %d bytes, the same key | %d |%n", payload, record);
        System.out.printf(
                Locale.ROOT, "| tracking: a key that one process read (of %d) | %.1f |%n", keys, trackingFirst);
        System.out.printf(Locale.ROOT, "| tracking: the same key, each further process | %.1f |%n%n", trackingFurther);
        System.out.printf("tracking_total_keys grew by %d.%n%n", trackedKeys);
    }

    Map<String, Object> result() {
        Map<String, Object> result = new LinkedHashMap<>();
        result.put("claimBytes", claim);
        result.put("recordBytes", record);
        result.put("trackingBytesPerKey", Results.rounded(trackingFirst));
        result.put("trackingBytesPerFurtherReader", Results.rounded(trackingFurther));
        return result;
    }
}
