package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.Source;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A real Redis that is not there, dies, freezes, and comes back. */
class SharedStoreDownIT {

    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
    private final List<AutoCloseable> open = new ArrayList<>(List.of(redis));

    @AfterEach
    void close() {
        Closing.lastFirst(open);
    }

    private RedisSharedStore store() {
        RedisSharedStore store = RedisSharedStore.builder(redis.uri())
                .maxStaleness(Duration.ofMillis(500))
                .build();
        open.add(store);
        return store;
    }

    private GetOrCreateCache<String, String> cache(Combination tiers) {
        GetOrCreateCache<String, String> cache =
                tiers.builder("away", store(), table).build();
        open.add(cache);
        return cache;
    }

    /** Until a record goes by way of Redis to another process. */
    private void awaitBack(GetOrCreateCache<String, String> cache) {
        AtomicInteger number = new AtomicInteger();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            String key = "back" + number.incrementAndGet();
            cache.getOrCreate(key, k -> "v");
            return Long.valueOf(1)
                    .equals(redis.command("EXISTS", "away:" + redis.command("GET", "away:generation") + ":" + key));
        });
    }

    @Test
    void whereItWasNeverThereCallersAreServedAndItIsUsedOnceItIs() {
        redis.kill();
        var cache = cache(Combination.ALL);
        assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
        assertEquals(Invalidation.PENDING, cache.invalidate("k"));
        assertEquals(new Outcome<>("v", Source.FOUND), cache.obtain("k", key -> "never"));
        redis.restart();
        awaitBack(cache);
    }

    @Test
    void whereItDiesInMidCreationTheRecordIsServedAndThenTheRow() {
        var cache = cache(Combination.ALL);
        Outcome<String> answer = cache.obtain("k", key -> {
            redis.kill();
            return "v";
        });
        assertEquals(new Outcome<>("v", Source.CREATED), answer);
        table.put("k", "changed");
        // What no connection vouches for is kept for maxStaleness at most.
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> cache.getOrCreate("k", key -> "never")
                .equals("changed"));
        redis.restart();
        awaitBack(cache);
    }

    @Test
    void whereItFreezesCallersAreServedAndWhatWasKeptIsNotServedForLongerThanMaxStaleness() {
        var cache = cache(Combination.ALL);
        cache.getOrCreate("k", key -> "old");
        redis.freeze();
        try {
            table.put("k", "new");
            Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> cache.getOrCreate("k", key -> "never")
                    .equals("new"));
            assertEquals(Source.CREATED, cache.obtain("k2", key -> "v").source());
            assertTrue(cache.stats().sharedStoreErrors() > 0);
        } finally {
            redis.thaw();
        }
        awaitBack(cache);
    }

    @Test
    void withoutAnArbiterCallersFailUntilItIsBack() {
        var cache = cache(Combination.LOCAL_SHARED);
        cache.getOrCreate("k", key -> "v");
        redis.kill();
        Awaitility.await()
                .untilAsserted(() -> assertThrows(
                        SharedStoreUnavailableException.class, () -> cache.getOrCreate("k", key -> "never")));
        redis.restart();
        Awaitility.await().atMost(Duration.ofSeconds(20)).until(() -> {
            try {
                return cache.getOrCreate("k", key -> "again").equals("again");
            } catch (SharedStoreUnavailableException e) {
                return false;
            }
        });
    }

    @Test
    void aWaiterWhoseConnectionIsLostGoesToTheArbiter() {
        var cache = cache(Combination.ALL);
        RedisSharedStore elsewhere = store();
        new ForeignProcess(elsewhere, "away").claim("k");
        Caller<Outcome<String>> waiter = Caller.start(() -> cache.obtain("k", key -> "mine"));
        Awaitility.await().until(() -> cache.stats().localSize() == 1);
        redis.kill();
        assertEquals(new Outcome<>("mine", Source.CREATED), waiter.answer());
    }
}
