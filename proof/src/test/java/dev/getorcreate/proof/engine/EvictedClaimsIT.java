package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CreationFailedException;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.InMemoryArbiter;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A Redis without memory for all evicts what stands there: claims, records, and by some policies the generation too. */
class EvictedClaimsIT {

    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final RealRedis redis = new RealRedis();

    @AfterEach
    void close() {
        redis.close();
    }

    private void evict(String policy, String whole) {
        redis.server.command("CONFIG", "SET", "maxmemory-policy", policy);
        redis.server.command("CONFIG", "SET", "maxmemory", "1");
        Awaitility.await().until(() -> Long.valueOf(0).equals(redis.server.command("EXISTS", whole)));
        redis.server.command("CONFIG", "SET", "maxmemory", "0");
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "allkeys-lfu", "allkeys-random", "volatile-ttl", "volatile-lru"})
    void withAnArbiterThereIsOneRowAndEachCallerGetsIt(String policy) {
        try (GetOrCreateCache<String, String> one =
                        Combination.ALL.builder("evicted", redis.one, table).build();
                GetOrCreateCache<String, String> two =
                        Combination.ALL.builder("evicted", redis.two, table).build()) {
            Outcome<String> answer = one.obtain("k", key -> {
                evict(policy, redis.raw("evicted", "k"));
                assertEquals(new Outcome<>("fast", Source.CREATED), two.obtain("k", same -> "fast"));
                return "slow";
            });
            assertEquals(new Outcome<>("fast", Source.ADOPTED), answer);
            assertEquals(1, one.stats().publishesRejected());
            assertEquals(1, one.stats().conflictsAdopted(), "its candidate met the other one's row");
            evict(policy, redis.raw("evicted", "k"));
            assertEquals("fast", two.getOrCreate("k", key -> "never"), "the record was evicted too");
            assertEquals("fast", one.getOrCreate("k", key -> "never"));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "volatile-ttl"})
    void withoutAnArbiterWhoLostItsClaimTakesWhatAnotherPublishedMeanwhile(String policy) {
        try (GetOrCreateCache<String, String> one = Combination.LOCAL_SHARED
                        .builder("evicted", redis.one, table)
                        .build();
                GetOrCreateCache<String, String> two = Combination.LOCAL_SHARED
                        .builder("evicted", redis.two, table)
                        .build()) {
            String answer = one.getOrCreate("k", key -> {
                evict(policy, redis.raw("evicted", "k"));
                assertEquals("fast", two.getOrCreate("k", same -> "fast"));
                return "slow";
            });
            assertEquals("fast", answer);
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"allkeys-lru", "volatile-ttl"})
    void withoutAnArbiterACreatorWhoseClaimIsEvictedAgainAndAgainIsRunAFewTimesAndThenTheCallerIsTold(String policy) {
        AtomicInteger runs = new AtomicInteger();
        try (GetOrCreateCache<String, String> cache =
                Combination.LOCAL_SHARED.builder("evicted", redis.one, table).build()) {
            String told = assertThrows(
                            CreationFailedException.class,
                            () -> cache.getOrCreate("k", key -> {
                                evict(policy, redis.raw("evicted", "k"));
                                return "v" + runs.incrementAndGet();
                            }))
                    .getMessage();
            assertTrue(told.contains("the claim was lost"), told);
            assertEquals(3, runs.get());
        }
    }

    /** A generation has no time to live. */
    @ParameterizedTest
    @ValueSource(strings = {"volatile-ttl", "volatile-lru", "volatile-lfu", "volatile-random"})
    void byAVolatilePolicyTheGenerationStays(String policy) {
        try (GetOrCreateCache<String, String> cache =
                Combination.LOCAL_SHARED.builder("evicted", redis.one, table).build()) {
            cache.getOrCreate("k", key -> "v");
            Object before = redis.server.command("GET", "evicted:generation");
            evict(policy, redis.raw("evicted", "k"));
            assertEquals(before, redis.server.command("GET", "evicted:generation"));
        }
    }

    /** What docs/running.md recommends a policy by. */
    @ParameterizedTest
    @CsvSource({"volatile-ttl, true", "volatile-lru, false", "allkeys-lru, false"})
    void wherePartOfTheMemoryIsNeededAClaimGoesFirstByTimeToLiveAndLastByAge(String policy, boolean evicted) {
        redis.server.command("CONFIG", "SET", "maxmemory-samples", "1000");
        for (int i = 0; i < 300; i++) {
            redis.server.command("SET", "record" + i, "v".repeat(1000), "PX", "600000");
        }
        // The server's clock for ages counts seconds.
        Awaitility.await()
                .until(() -> (Long) Objects.requireNonNull(redis.server.command("OBJECT", "IDLETIME", "record0")) >= 2);
        try (GetOrCreateCache<String, String> cache =
                Combination.ALL.builder("evicted", redis.one, table).build()) {
            cache.obtain("k", key -> {
                evictSome(policy);
                assertEquals(!evicted, redis.stands("evicted", "k"));
                return "v";
            });
        }
    }

    private void evictSome(String policy) {
        redis.server.command("CONFIG", "SET", "maxmemory-policy", policy);
        String memory = String.valueOf(redis.server.command("INFO", "memory"));
        Matcher used = Pattern.compile("used_memory:(\\d+)").matcher(memory);
        assertTrue(used.find());
        redis.server.command("CONFIG", "SET", "maxmemory", Long.toString(Long.parseLong(used.group(1)) - 60_000));
        Awaitility.await().until(() -> (Long) Objects.requireNonNull(redis.server.command("DBSIZE")) < 290);
        redis.server.command("CONFIG", "SET", "maxmemory", "0");
    }
}
