package dev.getorcreate.micrometer;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.GetOrCreateCache;
import io.micrometer.core.instrument.FunctionTimer;
import io.micrometer.core.instrument.MeterRegistry;
import io.micrometer.core.instrument.simple.SimpleMeterRegistry;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** The meters follow what a cache really does. */
class CacheMetersOfARealCacheTest {

    private final Map<String, String> rows = new ConcurrentHashMap<>();
    private final MeterRegistry registry = new SimpleMeterRegistry();

    private final Arbiter<String, String> table = Arbiter.of(
            key -> Optional.ofNullable(rows.get(key)),
            (key, candidate) -> {
                if (rows.putIfAbsent(key, candidate) != null) {
                    throw new IllegalStateException("duplicate");
                }
                return candidate;
            },
            IllegalStateException.class::isInstance);

    private double requests(String source) {
        return registry.get("getorcreate.requests")
                .tag("source", source)
                .functionCounter()
                .count();
    }

    @Test
    void whatACacheDidIsReadAtTheNextScrape() {
        try (GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("accounts")
                .arbiter(table)
                .build()) {
            CacheMeters.bind(cache, registry);
            assertEquals(0, requests("created"));

            cache.getOrCreate("a", key -> "made");
            cache.getOrCreate("a", key -> "unused");
            cache.getOrCreate("b", key -> {
                rows.put("b", "another's");
                return "too late";
            });
            assertThrows(
                    UnsupportedOperationException.class,
                    () -> cache.getOrCreate("c", key -> {
                        throw new UnsupportedOperationException();
                    }));

            assertEquals(1, requests("created"));
            assertEquals(1, requests("found"));
            assertEquals(1, requests("adopted"));
            assertEquals(
                    1,
                    registry.get("getorcreate.conflicts.adopted")
                            .functionCounter()
                            .count());
            assertEquals(
                    1, registry.get("getorcreate.failures").functionCounter().count());
            assertEquals(
                    4,
                    registry.get("cache.gets")
                            .tag("result", "miss")
                            .functionCounter()
                            .count());
            FunctionTimer creator = registry.get("getorcreate.creator").functionTimer();
            assertEquals(3, creator.count());
            assertTrue(creator.totalTime(TimeUnit.NANOSECONDS) > 0);
        }
    }
}
