package dev.getorcreate.proof.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Source;
import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

class RacingProcessesIT {

    private static final int KEYS = 400;
    private static final int THREADS = 2;

    private static RedisServer redis;
    private static PostgresServer postgres;

    @BeforeAll
    static void servers() {
        redis = Scene.needRedis();
        postgres = Scene.needPostgres();
    }

    @AfterAll
    static void end() {
        if (redis != null) {
            redis.close();
        }
    }

    @Test
    void processesThatRaceForAKeyMakeOneRowByOneCreatorRunAndShareIt() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(4, RacingProcessesIT::calm);
            Answers answers = race(processes, KEYS, THREADS);
            answers.assertAllRight(scene.rows());
            assertEquals(KEYS, scene.rows().size());
            assertOneRunForEachKey(scene, answers, processes);
        }
    }

    /** The constraint would hide a claim that does nothing: here there is none. */
    @Test
    void theClaimAloneMakesOneCreatorRunForEachKey() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(4, setup -> calm(setup).withoutArbiter());
            Answers answers = race(processes, KEYS, THREADS);
            answers.assertAgreed();
            assertOneRunForEachKey(scene, answers, processes);
        }
    }

    /** Each of many more callers than connections may need one while others wait for it. */
    @Test
    void manyCallersOnAPoolOfTwoConnectionsAllGetTheirAnswer() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(8, setup -> calm(setup).pool(2));
            Answers answers = race(processes, 60, 8);
            answers.assertAllRight(scene.rows());
            assertEquals(60, answers.count(Source.CREATED), answers.toString());
            assertEquals(60L * 8 * 8, answers.count(), "everybody was answered");
        }
    }

    /** Nothing here is about time: on a machine whose cores are all taken, no claim may run out while its holder waits. */
    private static Setup calm(Setup setup) {
        return setup.lease(Duration.ofSeconds(20))
                .maxStaleness(Duration.ofSeconds(20))
                .with("commandTimeout", Duration.ofSeconds(20));
    }

    private static Answers race(List<CacheClient> processes, int keys, int threads) {
        long start = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(500);
        long gap = TimeUnit.MILLISECONDS.toNanos(8);
        return Answers.of(processes.stream()
                .map(process -> process.begin("race", "k", keys, threads, 3, start, gap))
                .toList());
    }

    private static void assertOneRunForEachKey(Scene scene, Answers answers, List<CacheClient> processes) {
        assertEquals(0, scene.sum("sharedStoreErrors"), "requests to Redis that failed");
        assertEquals((long) KEYS * THREADS * processes.size(), answers.count(), "everybody was answered");
        assertEquals(KEYS, answers.count(Source.CREATED), "one CREATED for each key: " + answers);
        assertEquals(KEYS, answers.createdByKey().size(), "one CREATED for each key: " + answers);
        assertEquals(KEYS, scene.sum("creatorRuns"), "one creator run for each key");
        long shared = answers.count(Source.WAITED) + answers.count(Source.SHARED) + answers.count(Source.LOCAL);
        assertEquals(answers.count(), KEYS + shared, "the others shared: " + answers);
        assertTrue(answers.count(Source.WAITED) > KEYS, "they did race: " + answers);
        assertEquals(0, scene.sum("pollsThatFound"), "waiters woken by a poll and not by a push");
        assertEquals(0, scene.sum("publishesRejected"));
    }
}
