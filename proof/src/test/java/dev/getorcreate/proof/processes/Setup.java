package dev.getorcreate.proof.processes;

import java.time.Duration;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a {@link CacheProcess} is made of, as arguments of its command line: {@code name=value}.
 *
 * @param values by name; see the accessors
 */
record Setup(Map<String, String> values) {

    /** A cache with a local store and nothing else; its process's name stands in the values that it creates. */
    static Setup of(String process, String cache) {
        return new Setup(Map.of("process", process, "cache", cache));
    }

    static Setup parse(String[] args) {
        Map<String, String> values = new TreeMap<>();
        for (String arg : args) {
            int equals = arg.indexOf('=');
            values.put(arg.substring(0, equals), arg.substring(equals + 1));
        }
        return new Setup(values);
    }

    String[] toArgs() {
        return values.entrySet().stream()
                .map(e -> e.getKey() + "=" + e.getValue())
                .toArray(String[]::new);
    }

    Setup with(String name, Object value) {
        Map<String, String> more = new TreeMap<>(values);
        more.put(name, String.valueOf(value));
        return new Setup(more);
    }

    Setup process(String name) {
        return with("process", name);
    }

    Setup redis(String uri) {
        return with("redis", uri);
    }

    Setup jdbc(String url) {
        return with("jdbc", url);
    }

    /** The table is the arbiter; without one there is none. */
    Setup table(String name) {
        return with("table", name);
    }

    Setup withoutArbiter() {
        Map<String, String> fewer = new TreeMap<>(values);
        fewer.remove("table");
        return new Setup(fewer);
    }

    Setup pool(int connections) {
        return with("pool", connections);
    }

    Setup lease(Duration duration) {
        return with("lease", duration);
    }

    Setup maxStaleness(Duration duration) {
        return with("maxStaleness", duration);
    }

    String process() {
        return values.get("process");
    }

    String cache() {
        return values.get("cache");
    }

    @Nullable
    String redis() {
        return values.get("redis");
    }

    String jdbc() {
        return values.get("jdbc");
    }

    @Nullable
    String table() {
        return values.get("table");
    }

    int pool() {
        return Integer.parseInt(values.getOrDefault("pool", "4"));
    }

    Duration lease() {
        return Duration.parse(values.getOrDefault("lease", "PT1S"));
    }

    Duration maxStaleness() {
        return Duration.parse(values.getOrDefault("maxStaleness", "PT5S"));
    }

    boolean coarseClock() {
        return Boolean.parseBoolean(values.getOrDefault("coarseClock", "false"));
    }

    /** Longer than the library's own: a machine whose cores are all taken must not look like a Redis that is away. */
    Duration commandTimeout() {
        return Duration.parse(values.getOrDefault("commandTimeout", "PT2S"));
    }
}
