package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.RecursiveCreationException;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.testkit.InMemoryArbiter;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Creators that ask caches. */
class RecursionTest {

    private final GetOrCreateCache<String, String> cache = open("one");
    private final GetOrCreateCache<String, String> other = open("two");

    private static GetOrCreateCache<String, String> open(String name) {
        return GetOrCreateCache.<String, String>builder(name)
                .local(CaffeineLocal.defaults())
                .build();
    }

    @AfterEach
    void close() {
        cache.close();
        other.close();
    }

    @Test
    void aCreatorThatAsksForItsOwnKeyIsRefusedAtOnce() {
        RecursiveCreationException e = assertThrows(
                RecursiveCreationException.class,
                () -> cache.getOrCreate("k", key -> cache.getOrCreate(key, k -> "v")));
        assertTrue(e.getMessage().contains("cache 'one'"), e.getMessage());
        assertEquals("v", cache.getOrCreate("k", key -> "v"), "and no flight was left behind");
    }

    @Test
    void alsoByWayOfOtherKeys() {
        assertThrows(
                RecursiveCreationException.class,
                () -> cache.getOrCreate(
                        "a",
                        a -> cache.getOrCreate(
                                "b", b -> cache.getOrCreate("c", c -> cache.getOrCreate("a", x -> "v")))));
        for (String key : new String[] {"a", "b", "c"}) {
            assertEquals("v", cache.getOrCreate(key, k -> "v"));
        }
    }

    @Test
    void alsoByWayOfAnotherCache() {
        assertThrows(
                RecursiveCreationException.class,
                () -> cache.getOrCreate("k", a -> other.getOrCreate("k", b -> cache.getOrCreate("k", c -> "v"))));
    }

    @Test
    void alsoByObtainAsync() {
        RecursiveCreationException e = assertThrows(
                RecursiveCreationException.class,
                () -> cache.getOrCreate("k", key -> joined(cache.obtainAsync(key, k -> "v"))));
        assertTrue(e.getMessage().contains("cache 'one'"), e.getMessage());
    }

    private static String joined(CompletableFuture<Outcome<String>> answer) throws Exception {
        try {
            return answer.get(5, TimeUnit.SECONDS).value();
        } catch (java.util.concurrent.ExecutionException e) {
            throw assertInstanceOf(RuntimeException.class, e.getCause());
        }
    }

    @Test
    void aCreatorMayCatchTheRefusalAndAnswerOtherwise() {
        assertEquals("without", cache.getOrCreate("k", key -> {
            assertThrows(RecursiveCreationException.class, () -> cache.getOrCreate(key, k -> "v"));
            return "without";
        }));
    }

    @Test
    void otherKeysAndTheSameKeyOfAnotherCacheWork() {
        Outcome<String> answer = cache.obtain(
                "a",
                a -> a
                        + cache.getOrCreate(
                                "b", b -> b + other.getOrCreate("a", c -> c + cache.getOrCreate("d", d -> d))));
        assertEquals(new Outcome<>("abad", Source.CREATED), answer);
        assertEquals("bad", cache.getOrCreate("b", b -> "never"));
    }

    @Test
    void aCreatorMayLookForItsOwnKeyAndFindsNothing() {
        assertEquals("v", cache.getOrCreate("k", key -> {
            assertEquals(Optional.empty(), cache.find(key));
            return "v";
        }));
    }

    @Test
    void whatRunsWhenAnAnswerArrivesIsNotInsideOfACreator() {
        // Without a local tier nothing is kept: the same key is asked for a second time in earnest.
        InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
        try (GetOrCreateCache<String, String> uncached = GetOrCreateCache.<String, String>builder("uncached")
                .arbiter(table)
                .build()) {
            Gate gate = new Gate();
            CompletableFuture<Outcome<String>> led = uncached.obtainAsync("k", key -> {
                gate.pass();
                return "v";
            });
            gate.awaitArrival();
            var afterLeading = led.thenApply(answer -> uncached.obtain("k", key -> "never"));
            var afterJoining =
                    uncached.obtainAsync("k", key -> "never").thenApply(answer -> uncached.obtain("k", key -> "never"));
            gate.open();
            assertEquals(
                    new Outcome<>("v", Source.FOUND),
                    afterLeading.orTimeout(5, TimeUnit.SECONDS).join());
            assertEquals("v", afterJoining.orTimeout(5, TimeUnit.SECONDS).join().value());
        }
    }
}
