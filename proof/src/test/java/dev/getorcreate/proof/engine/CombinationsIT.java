package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.redis.RedisSharedStore;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What each combination of tiers promises; a second shared store stands for a second process. */
class CombinationsIT {

    private static RedisServer redis;
    private static RedisSharedStore one;
    private static RedisSharedStore two;

    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();

    @BeforeAll
    static void start() {
        redis = Servers.need("Redis", RedisServer::start);
        one = store();
        two = store();
    }

    private static RedisSharedStore store() {
        return RedisSharedStore.builder(redis.uri())
                .commandTimeout(Duration.ofSeconds(2)) // a busy machine is not what is tested here
                .build();
    }

    @AfterAll
    static void stop() {
        Closing.lastFirst(redis, one, two);
    }

    private GetOrCreateCache<String, String> first(Combination tiers, String test) {
        return tiers.builder(test + tiers, one, table).build();
    }

    private GetOrCreateCache<String, String> second(Combination tiers, String test) {
        return tiers.builder(test + tiers, two, table).build();
    }

    @ParameterizedTest
    @EnumSource
    void theFirstCallCreatesAndLaterOnesGetItFromTheNearestTier(Combination tiers) {
        try (var cache = first(tiers, "sources");
                var elsewhere = second(tiers, "sources")) {
            assertEquals(new Outcome<>("v", Source.CREATED), cache.obtain("k", key -> "v"));
            assertEquals(new Outcome<>("v", tiers.again()), cache.obtain("k", key -> "never"));
            assertEquals(tiers.elsewhere(), elsewhere.obtain("k", key -> "v").source());
            assertEquals(tiers.again(), elsewhere.obtain("k", key -> "never").source());
            assertEquals(tiers.arbiter ? 1 : 0, table.rows().size());
        }
    }

    @ParameterizedTest
    @EnumSource
    void of64RacingThreadsOneCreatorRunsAndOneIsToldCreated(Combination tiers) {
        try (var cache = first(tiers, "threads")) {
            for (int round = 0; round < 20; round++) {
                String key = "k" + round;
                AtomicInteger runs = new AtomicInteger();
                List<Outcome<String>> answers =
                        Caller.race(64, i -> () -> cache.obtain(key, k -> "v" + i + "/" + runs.incrementAndGet()));
                assertEquals(1, answers.stream().filter(Outcome::created).count());
                assertEquals(1, runs.get());
                assertEquals(1, answers.stream().map(Outcome::value).distinct().count());
                assertTrue(sources(answers).stream().allMatch(said -> isFitting(tiers, said)), () -> "" + answers);
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void ofTwoProcessesRacingOneCreatorRunsAndOneIsToldCreated(Combination tiers) {
        if (!tiers.shared) {
            return; // each process is alone, or only the table is between them: see the next
        }
        try (var here = first(tiers, "processes");
                var there = second(tiers, "processes")) {
            for (int round = 0; round < 20; round++) {
                String key = "k" + round;
                AtomicInteger runs = new AtomicInteger();
                List<Outcome<String>> answers = Caller.race(
                        32,
                        i -> () ->
                                (i % 2 == 0 ? here : there).obtain(key, k -> "v" + i + "/" + runs.incrementAndGet()));
                assertEquals(1, answers.stream().filter(Outcome::created).count(), () -> "" + answers);
                assertEquals(1, runs.get());
                assertEquals(1, answers.stream().map(Outcome::value).distinct().count());
            }
        }
    }

    @ParameterizedTest
    @EnumSource
    void withAnArbiterThereIsOneRowAndEveryAnswerIsTheRow(Combination tiers) {
        if (!tiers.arbiter) {
            return;
        }
        try (var here = first(tiers, "rows");
                var there = second(tiers, "rows")) {
            for (int round = 0; round < 20; round++) {
                String key = "k" + round;
                List<Outcome<String>> answers =
                        Caller.race(16, i -> () -> (i % 2 == 0 ? here : there).obtain(key, k -> "v" + i));
                assertEquals(1, answers.stream().filter(Outcome::created).count(), () -> "" + answers);
                answers.forEach(answer -> assertEquals(table.rows().get(key), answer.value()));
            }
        }
    }

    private static Set<Source> sources(List<Outcome<String>> answers) {
        return answers.stream().map(Outcome::source).collect(Collectors.toSet());
    }

    private static boolean isFitting(Combination tiers, Source said) {
        return switch (said) {
            case CREATED, WAITED -> true;
            case LOCAL -> tiers.local;
            case SHARED -> tiers.shared;
            case FOUND -> tiers == Combination.ARBITER;
            default -> false;
        };
    }
}
