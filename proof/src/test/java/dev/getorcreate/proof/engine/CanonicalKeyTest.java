package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CacheClosedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.InMemoryRedis;
import dev.getorcreate.testkit.InMemorySharedStore;
import dev.getorcreate.testkit.VirtualTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** {@code canonicalKey}: keys that mean the same are one key, to every operation and every tier. */
@Timeout(120) // virtual time stands still where a test fails to move it
class CanonicalKeyTest {

    @ParameterizedTest
    @EnumSource
    void keysThatAreMadeAlikeAreOneKeyToEveryOperation(Combination tiers) throws Exception {
        VirtualTime time = new VirtualTime();
        InMemorySharedStore store = new InMemorySharedStore(new InMemoryRedis(time));
        InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
        List<String> asked = new ArrayList<>();
        try (GetOrCreateCache<String, String> cache = tiers.builder("canonical", store, table)
                .timeSource(time)
                .canonicalKey(key -> key.toLowerCase(Locale.ROOT))
                .build()) {
            assertEquals("GetOrCreateCache[canonical]", cache.toString());
            assertEquals(Optional.empty(), cache.find("ADA"));
            Outcome<String> created = cache.obtain("Ada", key -> {
                asked.add(key);
                return "of " + key;
            });
            assertTrue(created.created());
            assertEquals(List.of("ada"), asked, "the creator is asked for the one key");
            assertEquals(Optional.of("of ada"), cache.find("aDA"));
            assertEquals("of ada", cache.getOrCreate("ADA", key -> "never"));
            Outcome<String> later = cache.obtainAsync("adA", key -> "never").get(30, TimeUnit.SECONDS);
            assertEquals("of ada", later.value());
            Source afterwards = tiers.arbiter ? Source.FOUND : Source.CREATED;
            cache.invalidate("ADA");
            assertEquals(afterwards, cache.obtain("ada", key -> "again").source());
            assertEquals(Invalidation.CONFIRMED, cache.invalidateAll());
            assertEquals(afterwards, cache.obtain("Ada", key -> "again").source());
            assertEquals(tiers.arbiter ? 1 : 3, cache.stats().creatorRuns());
        }
        assertTrue(table.inserts() <= 1);
    }

    @ParameterizedTest
    @EnumSource
    void closingItClosesTheCacheBehindIt(Combination tiers) {
        VirtualTime time = new VirtualTime();
        InMemorySharedStore store = new InMemorySharedStore(new InMemoryRedis(time));
        GetOrCreateCache<String, String> cache = tiers.builder("canonical", store, new InMemoryArbiter<>())
                .timeSource(time)
                .canonicalKey(key -> key.toLowerCase(Locale.ROOT))
                .build();
        cache.close();
        assertThrows(CacheClosedException.class, () -> cache.find("Ada"));
    }

    @ParameterizedTest
    @EnumSource
    void aFunctionThatGivesNullIsNamed(Combination tiers) {
        VirtualTime time = new VirtualTime();
        InMemorySharedStore store = new InMemorySharedStore(new InMemoryRedis(time));
        try (GetOrCreateCache<String, String> cache = tiers.builder("canonical", store, new InMemoryArbiter<>())
                .timeSource(time)
                .canonicalKey(key -> null)
                .build()) {
            IllegalArgumentException e = assertThrows(IllegalArgumentException.class, () -> cache.find("a"));
            assertEquals("canonicalKey gave null for a key of cache 'canonical'", e.getMessage());
            CompletableFuture<Outcome<String>> later = cache.obtainAsync("a", key -> "never");
            assertInstanceOf(
                    IllegalArgumentException.class,
                    assertThrows(CompletionException.class, later::join).getCause());
        }
    }
}
