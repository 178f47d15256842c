package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;

import dev.getorcreate.Arbiter;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Ruling;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.testkit.InMemoryArbiter;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Where an answer is said to come from. */
class SourcesTest {

    private final WatchedTime time = new WatchedTime();
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("sources")
            .local(CaffeineLocal.defaults())
            .arbiter(table)
            .timeSource(time)
            .build();

    @AfterEach
    void close() {
        cache.close();
    }

    @Test
    void whoWaitedForTheCreatorIsToldWaitedAndNotCreated() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return "v";
        }));
        gate.awaitArrival();
        Caller<Outcome<String>> joiner = Caller.start(() -> cache.obtain("k", key -> "never"));
        time.awaitWaiting(1);
        gate.open();
        assertEquals(new Outcome<>("v", Source.CREATED), leader.answer());
        assertEquals(new Outcome<>("v", Source.WAITED), joiner.answer());
        assertFalse(joiner.answer().created());
    }

    @Test
    void aRowThatStandsIsFoundAndNoCreatorRuns() {
        table.put("k", "old");
        assertEquals(new Outcome<>("old", Source.FOUND), cache.obtain("k", key -> "never"));
        assertEquals(0, cache.stats().creatorRuns());
        assertEquals(0, table.inserts());
        assertEquals(new Outcome<>("old", Source.LOCAL), cache.obtain("k", key -> "never"));
    }

    @Test
    void aRowThatCameWhileTheCreatorRanIsAdoptedAndTheCandidateReachesNobody() {
        Outcome<String> answer = cache.obtain("k", key -> {
            table.put("k", "winner");
            return "loser";
        });
        assertEquals(new Outcome<>("winner", Source.ADOPTED), answer);
        assertEquals(new Outcome<>("winner", Source.LOCAL), cache.obtain("k", key -> "never"));
        assertEquals(1, cache.stats().conflictsAdopted());
    }

    @Test
    void anInsertWhoseAnswerWasLostIsToldRecovered() {
        Arbiter<String, String> losing = new Arbiter<>() {
            @Override
            public Optional<String> find(String key) {
                return Optional.empty();
            }

            @Override
            public Ruling<String> insert(String key, String candidate) {
                return Ruling.recovered("read back");
            }
        };
        try (GetOrCreateCache<String, String> recovering = GetOrCreateCache.<String, String>builder("recovering")
                .local(CaffeineLocal.defaults())
                .arbiter(losing)
                .build()) {
            Outcome<String> answer = recovering.obtain("k", key -> "v");
            assertEquals(new Outcome<>("read back", Source.RECOVERED), answer);
            assertFalse(answer.created());
            assertEquals(new Outcome<>("read back", Source.LOCAL), recovering.obtain("k", key -> "never"));
        }
    }

    @Test
    void theAnswerIsTheRowAsTheArbiterHasItAndNotTheCandidate() {
        Arbiter<String, String> trimming = new Arbiter<>() {
            @Override
            public Optional<String> find(String key) {
                return Optional.empty();
            }

            @Override
            public Ruling<String> insert(String key, String candidate) {
                return Ruling.created(candidate.trim());
            }
        };
        try (GetOrCreateCache<String, String> trimmed = GetOrCreateCache.<String, String>builder("trimmed")
                .local(CaffeineLocal.defaults())
                .arbiter(trimming)
                .build()) {
            assertEquals(new Outcome<>("v", Source.CREATED), trimmed.obtain("k", key -> " v "));
            assertEquals("v", trimmed.getOrCreate("k", key -> "never"));
        }
    }

    @Test
    void theCreatorRunsOnTheCallersThread() {
        AtomicReference<Thread> ran = new AtomicReference<>();
        cache.getOrCreate("k", key -> {
            ran.set(Thread.currentThread());
            return key;
        });
        assertSame(Thread.currentThread(), ran.get());
    }

    @Test
    void withoutALocalTierNothingIsKeptInTheProcess() {
        try (GetOrCreateCache<String, String> bare =
                GetOrCreateCache.<String, String>builder("bare").arbiter(table).build()) {
            assertEquals(Source.CREATED, bare.obtain("k", key -> "v").source());
            assertEquals(0, bare.stats().localSize());
            table.put("k", "changed");
            assertEquals(new Outcome<>("changed", Source.FOUND), bare.obtain("k", key -> "never"));
            assertEquals(0, bare.stats().localSize());
        }
    }
}
