package dev.getorcreate.proof.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** With an arbiter, no caller notices that Redis is away, but by losing what it shares. */
class RedisOutageIT {

    private static PostgresServer postgres;

    private static final Duration MAX_STALENESS = Duration.ofSeconds(1);

    private RedisServer redis;

    @BeforeAll
    static void database() {
        postgres = Scene.needPostgres();
    }

    /** One for each test, since each leaves it dead or empty. */
    @BeforeEach
    void server() {
        redis = Scene.needRedis();
    }

    @AfterEach
    void end() {
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void redisThatIsDownFromTheStartCostsNoAnswerAndIsUsedOnceItIsThere() {
        redis.kill();
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(2, setup -> setup.pool(2));
            long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(300);
            Answers answers = Answers.of(processes.stream()
                    .map(process -> process.begin("race", "k", 100, 24, 2, start, 5_000_000))
                    .toList());
            answers.assertAllRight(scene.rows());
            assertEquals(100, scene.rows().size());
            assertEquals(100, answers.count(Source.CREATED), answers.toString());
            assertEquals(0, answers.count(Source.SHARED), answers.toString());
            redis.restart();
            awaitSharing(processes.get(0), processes.get(1));
        }
    }

    @Test
    void redisThatDiesUnderLoadAndComesBackOnTheSamePortCostsNoAnswerAndNoSecondRow() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(2);
            List<Request> load = processes.stream()
                    .map(process -> process.begin("load", "k", 8, 4, 2))
                    .toList();
            awaitAnswers(processes, Source.WAITED, 20);
            redis.kill();
            awaitAnswers(processes, Source.CREATED, 20);
            awaitAnswers(processes, Source.ADOPTED, 1);
            redis.restart();
            awaitAnswers(processes, Source.WAITED, 20);
            load.forEach(Request::go);
            Answers answers = Answers.of(load);
            answers.assertAllRight(scene.rows());
            assertTrue(answers.createdByKey().values().stream().allMatch(count -> count == 1), "one CREATED a row");
            assertEquals(scene.rows().size(), answers.createdByKey().size(), "every row has its CREATED");
            assertTrue(scene.sum("sharedStoreErrors") > 0, "Redis was missed");
        }
    }

    /** An entry that was read in the database meanwhile may live for maxStaleness from then; so no slack here either. */
    @Test
    void entriesOfARedisThatDiedAreServedForAtMostMaxStaleness() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(2, setup -> setup.maxStaleness(MAX_STALENESS));
            scene.insertRow("k", "old");
            Request watch = processes.get(1).watch("k", "old");
            redis.kill();
            scene.changeRow("k", "new");
            long changed = System.nanoTime();
            assertEquals(Invalidation.PENDING, processes.get(0).invalidate("k").result());
            watch.awaitSaid("local-new");
            redis.restart();
            awaitSharing(processes.get(0), processes.get(1));
            assertEquals("new", processes.get(0).obtain("k").value());
            Spans.assertOldFor(MAX_STALENESS, processes.get(1).seen(watch), changed);
        }
    }

    /** The time-out is a second, so that twenty of them in a row cannot be mistaken for a slow machine. */
    @Test
    void callersDoNotWaitForTheTimeOutOfAFrozenRedisAgainAndAgain() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes =
                    scene.start(2, setup -> setup.with("commandTimeout", "PT1S").maxStaleness(MAX_STALENESS));
            CacheClient caller = processes.get(0);
            scene.insertRow("k", "old");
            Request watch = processes.get(1).watch("k", "old");
            redis.freeze();
            assertEquals(Source.CREATED, caller.obtain("first").source());
            long began = System.nanoTime();
            for (int i = 0; i < 20; i++) {
                assertEquals(Source.CREATED, caller.obtain("next" + i).source());
            }
            Duration took = Duration.ofNanos(System.nanoTime() - began);
            assertTrue(took.compareTo(Duration.ofSeconds(10)) < 0, "20 callers were served in " + took);
            scene.changeRow("k", "new");
            caller.invalidate("k");
            watch.awaitSaid("local-new");
            redis.thaw();
            awaitSharing(processes.get(0), processes.get(1));
            assertEquals(21 + 1 + sharingKeys.get(), scene.rows().size());
            // Nobody may be left with what stood in Redis before the invalidation could be sent.
            Scene.soon().until(() -> scene.inRedis("k").endsWith("new"));
            processes.forEach(process -> assertEquals("new", process.obtain("k").value()));
            processes.get(1).seen(watch);
        }
    }

    private final AtomicInteger sharingKeys = new AtomicInteger();

    private void awaitSharing(CacheClient one, CacheClient other) {
        Scene.soon().until(() -> {
            String key = "sharing" + sharingKeys.incrementAndGet();
            one.obtain(key);
            return other.obtain(key).source() == Source.SHARED;
        });
    }

    /** Until each process has given so many more. */
    private static void awaitAnswers(List<CacheClient> processes, Source source, int more) {
        for (CacheClient process : processes) {
            long before = process.answers(source);
            Scene.soon().until(() -> process.answers(source) >= before + more);
        }
    }
}
