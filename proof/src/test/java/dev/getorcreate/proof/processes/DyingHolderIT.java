package dev.getorcreate.proof.processes;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CreationFailedException;
import dev.getorcreate.Source;
import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.RedisServer;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** The process that holds the claim is killed, frozen, robbed of its claim, or its creator fails. */
class DyingHolderIT {

    private static final Duration LEASE = Duration.ofSeconds(1);
    /** For processes that are not given a core at once; waitTimeout, the next thing that would help, is 40 s. */
    private static final Duration SLACK = Duration.ofSeconds(4);

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
    void aHolderKilledInItsCreatorIsReplacedWithinAboutOneLease() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(3, setup -> setup.lease(LEASE));
            processes.get(0).hold("k");
            List<Request> waiting = new ArrayList<>();
            scene.awaitReads(2, () -> processes.subList(1, 3).forEach(other -> waiting.add(other.beginObtain("k"))));
            long killed = System.nanoTime();
            processes.get(0).process().kill();
            List<Answer> answers = waiting.stream().map(Request::answer).toList();
            assertServedSoonAfter(killed, answers);
            assertEquals(List.of(Source.WAITED, Source.CREATED), sources(answers));
            assertAllAre(scene.rows(), answers);
        }
    }

    @Test
    void aHolderThatLivesKeepsItsClaimForLongerThanALease() {
        Duration lease = Duration.ofSeconds(2);
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(2, setup -> setup.lease(lease));
            Request held = processes.get(0).hold("k");
            Request waiting = processes.get(1).beginObtain("k");
            long end = System.nanoTime() + lease.multipliedBy(2).toNanos();
            Scene.soon().until(() -> System.nanoTime() - end > 0);
            held.go();
            List<Answer> answers = List.of(held.answer(), waiting.answer());
            assertEquals(Source.CREATED, answers.get(0).source());
            assertEquals(Source.WAITED, answers.get(1).source());
            assertEquals(1, scene.sum("creatorRuns"));
            assertAllAre(scene.rows(), answers);
        }
    }

    @Test
    void aFrozenHolderIsReplacedWithinAboutOneLeaseAndAdoptsTheWinnersRowOnceItIsThawed() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(3, setup -> setup.lease(LEASE));
            CacheClient holder = processes.get(0);
            Request held = holder.hold("k");
            long frozen = System.nanoTime();
            holder.process().freeze();
            Answer replacement = processes.get(1).obtain("k");
            assertServedSoonAfter(frozen, List.of(replacement));
            holder.process().thaw();
            held.go();
            List<Answer> answers = List.of(
                    replacement,
                    held.answer(),
                    holder.obtain("k"),
                    processes.get(2).obtain("k"));
            assertEquals(Source.CREATED, replacement.source());
            assertEquals(Source.ADOPTED, answers.get(1).source());
            assertEquals(1, holder.stat("publishesRejected"));
            assertEquals(Source.SHARED, answers.get(2).source(), "what was not published is not kept locally");
            assertEquals(Source.SHARED, answers.get(3).source());
            assertAllAre(scene.rows(), answers);
            assertTrue(scene.inRedis("k").endsWith(replacement.value()));
        }
    }

    @Test
    void withoutAnArbiterAHolderWhoseLeaseEndedTakesWhatItsReplacementPublished() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes =
                    scene.start(2, setup -> setup.lease(LEASE).withoutArbiter());
            CacheClient holder = processes.get(0);
            Request held = holder.hold("k");
            holder.process().freeze();
            Answer replacement = processes.get(1).obtain("k");
            assertEquals(Source.CREATED, replacement.source());
            holder.process().thaw();
            held.go();
            Answer late = held.answer();
            assertEquals(Source.SHARED, late.source());
            assertEquals(replacement.value(), late.value());
            assertEquals(1, holder.stat("publishesRejected"));
            assertTrue(scene.inRedis("k").endsWith(replacement.value()));
        }
    }

    /** I4. The claim's deletion is what keeps the old record out, even though nobody claims the key meanwhile. */
    @Test
    void aRecordReadBeforeAConfirmedInvalidationIsPublishedNowhere() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(2);
            scene.insertRow("k", "old");
            Request held = processes.get(0).holdFound("k");
            scene.changeRow("k", "new");
            processes.get(1).invalidateConfirmed("k");
            held.go();
            assertEquals("old", held.answer().value(), "it asked before the change");
            assertEquals("", scene.inRedis("k"));
            assertEquals(1, processes.get(0).stat("publishesRejected"));
            assertEquals("new", processes.get(0).obtain("k").value());
            assertEquals("new", processes.get(1).obtain("k").value());
        }
    }

    @Test
    void aFlushOfRedisInMidCreationMakesNoSecondRowAndEverybodyIsToldTheRow() {
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(3);
            scene.insertRow("other", "old");
            Request watched = processes.get(1).watch("other", "old");
            Request held = processes.get(0).hold("k");
            List<Request> waiting = new ArrayList<>();
            scene.awaitReads(1, () -> waiting.add(processes.get(1).beginObtain("k")));
            scene.changeRow("other", "new");
            redis.command("FLUSHALL");
            Answer afterFlush = processes.get(2).obtain("k");
            held.go();
            List<Answer> answers = List.of(afterFlush, waiting.get(0).answer(), held.answer());
            assertAllAre(scene.rows(), answers);
            assertEquals(
                    1, sources(answers).stream().filter(Source.CREATED::equals).count());
            assertEquals(Source.ADOPTED, answers.get(2).source());
            watched.awaitSaid("local-new"); // a flush is told as a change of everything
            processes.get(1).seen(watched);
        }
    }

    @Test
    void aCreatorThatThrowsFailsThoseThatWaitedForItAtOnceAndNobodyElse() {
        Duration longLease = Duration.ofSeconds(20);
        try (Scene scene = new Scene(redis, postgres)) {
            List<CacheClient> processes = scene.start(3, setup -> setup.lease(longLease));
            Request throwing = processes.get(0).holdAndThrow("k");
            List<Request> waiting = new ArrayList<>();
            scene.awaitReads(2, () -> processes.subList(1, 3).forEach(other -> waiting.add(other.beginObtain("k"))));
            long thrown = System.nanoTime();
            throwing.go();
            assertTrue(throwing.failure().startsWith(IllegalStateException.class.getName()), throwing.failure());
            for (Request other : waiting) {
                String failure = other.failure();
                assertTrue(failure.startsWith(CreationFailedException.class.getName()), failure);
                assertTrue(failure.contains(IllegalStateException.class.getName()), failure);
            }
            assertTrue(
                    System.nanoTime() - thrown < longLease.dividedBy(2).toNanos(),
                    "a claim that is released is not waited out");
            Answer later = processes.get(1).obtain("k");
            assertEquals(Source.CREATED, later.source(), "nothing was cached of the failure");
            assertAllAre(scene.rows(), List.of(later));
        }
    }

    private static void assertServedSoonAfter(long nanos, List<Answer> answers) {
        for (Answer answer : answers) {
            Duration after = Duration.ofNanos(answer.endedNanos() - nanos);
            assertTrue(after.compareTo(LEASE.plus(SLACK)) < 0, "served only after " + after);
        }
    }

    private static List<Source> sources(List<Answer> answers) {
        return answers.stream().map(Answer::source).sorted().toList();
    }

    private static void assertAllAre(Map<String, String> rows, List<Answer> answers) {
        answers.forEach(answer -> assertEquals(rows.get("k"), answer.value(), () -> answer + " of " + rows));
        assertFalse(rows.get("k") == null, "there is a row");
    }
}
