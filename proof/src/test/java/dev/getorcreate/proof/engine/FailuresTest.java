package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Arbiter;
import dev.getorcreate.ArbiterFailedException;
import dev.getorcreate.CreationFailedException;
import dev.getorcreate.Creator;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Outcome;
import dev.getorcreate.Ruling;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.testkit.InMemoryArbiter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** What callers get when a creator or an arbiter fails, and that nothing of it stays behind. */
class FailuresTest {

    private final WatchedTime time = new WatchedTime();
    private final InMemoryArbiter<String, String> table = new InMemoryArbiter<>();
    private final GetOrCreateCache<String, String> cache = GetOrCreateCache.<String, String>builder("failures")
            .local(CaffeineLocal.defaults())
            .arbiter(table)
            .timeSource(time)
            .build();

    @AfterEach
    void close() {
        cache.close();
    }

    /** A leader that is inside its creator, and callers that have joined it. */
    private List<Caller<Outcome<String>>> leaderAndJoiners(
            int joiners, Gate gate, Creator<String, String> leaders, Creator<String, String> joiner) {
        List<Caller<Outcome<String>>> callers = new ArrayList<>();
        callers.add(Caller.start(() -> cache.obtain("k", key -> {
            gate.pass();
            return leaders.create(key);
        })));
        gate.awaitArrival();
        for (int i = 0; i < joiners; i++) {
            callers.add(Caller.start(() -> cache.obtain("k", joiner)));
        }
        time.awaitWaiting(joiners);
        return callers;
    }

    @Test
    void anUncheckedExceptionOfTheCreatorReachesLeaderAndJoinersUnchanged() {
        Gate gate = new Gate();
        RuntimeException mine = new IllegalStateException("mine");
        var callers = leaderAndJoiners(
                3,
                gate,
                key -> {
                    throw mine;
                },
                key -> "a joiner created");
        gate.open();
        for (Caller<Outcome<String>> caller : callers) {
            assertSame(mine, caller.error(IllegalStateException.class));
        }
    }

    @Test
    void aCheckedExceptionOfTheCreatorIsTheCauseOfACreationFailedException() {
        Gate gate = new Gate();
        IOException mine = new IOException("mine");
        var callers = leaderAndJoiners(
                1,
                gate,
                key -> {
                    throw mine;
                },
                key -> "a joiner created");
        gate.open();
        CreationFailedException leaders = callers.get(0).error(CreationFailedException.class);
        assertSame(mine, leaders.getCause());
        assertEquals("the creator threw java.io.IOException: mine", leaders.getMessage());
        assertSame(leaders, callers.get(1).error(CreationFailedException.class));
    }

    @Test
    void anErrorOfTheCreatorIsItsLeadersAloneAndTheJoinersElectANewLeader() {
        Gate gate = new Gate();
        AssertionError mine = new AssertionError("mine");
        var callers = leaderAndJoiners(
                3,
                gate,
                key -> {
                    throw mine;
                },
                key -> "a joiner's");
        gate.open();
        assertSame(mine, callers.get(0).error(AssertionError.class));
        List<Outcome<String>> answers =
                callers.stream().skip(1).map(Caller::answer).toList();
        assertEquals(1, answers.stream().filter(Outcome::created).count(), "exactly one new leader");
        answers.forEach(answer -> assertEquals("a joiner's", answer.value()));
    }

    @Test
    void creatorsThatAllDieOfAnErrorLeaveNobodyWaiting() {
        List<String> ends = Caller.race(40, i -> () -> {
            try {
                return cache.getOrCreate("k", key -> {
                    throw new AssertionError("always");
                });
            } catch (AssertionError e) {
                return "its own error";
            } catch (CreationFailedException e) {
                assertTrue(e.getMessage().contains("ended without an answer"), e.getMessage());
                return "gave up";
            }
        });
        assertEquals(40, ends.size());
        assertEquals("fine", cache.getOrCreate("k", key -> "fine"));
    }

    @Test
    void afterAFailureNothingIsCachedAndTheNextCallCreates() {
        AtomicInteger runs = new AtomicInteger();
        for (int i = 0; i < 3; i++) {
            assertThrows(
                    IllegalStateException.class,
                    () -> cache.getOrCreate("k", key -> {
                        runs.incrementAndGet();
                        throw new IllegalStateException();
                    }));
        }
        assertEquals(3, runs.get());
        assertEquals(0, cache.stats().localSize());
        assertEquals(Source.CREATED, cache.obtain("k", key -> "v").source());
    }

    @Test
    void aNullOfTheCreatorIsAnErrorThatNamesTheCreator() {
        names(
                CreationFailedException.class,
                "the creator gave null; where there is none it must throw: the arbiter",
                key -> nothing());
    }

    @Test
    void nullsOfTheArbiterAreErrorsThatNameTheMethod() {
        nullsOf(key -> nothing(), (key, v) -> Ruling.created(v), "find gave null");
        nullsOf(key -> Optional.empty(), (key, v) -> nothing(), "insert gave null");
        nullsOf(key -> Optional.empty(), (key, v) -> Ruling.created(nothing()), "insert gave null");
        nullsOf(key -> Optional.empty(), (key, v) -> new Ruling<>(v, nothing()), "insert gave null");
    }

    private void nullsOf(
            java.util.function.Function<String, Optional<String>> find,
            java.util.function.BiFunction<String, String, Ruling<String>> insert,
            String message) {
        Arbiter<String, String> arbiter = new Arbiter<>() {
            @Override
            public Optional<String> find(String key) {
                return find.apply(key);
            }

            @Override
            public Ruling<String> insert(String key, String candidate) {
                return insert.apply(key, candidate);
            }
        };
        try (GetOrCreateCache<String, String> odd =
                GetOrCreateCache.<String, String>builder("odd").arbiter(arbiter).build()) {
            for (int i = 0; i < 2; i++) { // the second call does not find a flight that was left behind
                ArbiterFailedException e =
                        assertThrows(ArbiterFailedException.class, () -> odd.getOrCreate("k", key -> "v"));
                assertTrue(e.getMessage().contains(message), e.getMessage());
            }
        }
    }

    @Test
    void whatTheArbiterThrowsIsWrappedAndNamesTheMethod() {
        IllegalStateException mine = new IllegalStateException("no connection");
        table.beforeFind(key -> {
            throw mine;
        });
        ArbiterFailedException e = names(ArbiterFailedException.class, "find threw", key -> "v");
        assertSame(mine, e.getCause());
        table.beforeFind(key -> {});
        table.beforeInsert(key -> {
            throw mine;
        });
        assertSame(
                mine,
                names(ArbiterFailedException.class, "insert threw", key -> "v").getCause());
    }

    /** The error says it, and the next call works. */
    private <E extends Exception> E names(Class<E> kind, String text, Creator<String, String> creator) {
        E e = assertThrows(kind, () -> cache.getOrCreate("named", creator));
        assertTrue(String.valueOf(e.getMessage()).contains(text), e.getMessage());
        E again = assertThrows(kind, () -> cache.getOrCreate("named", creator));
        assertTrue(String.valueOf(again.getMessage()).contains(text), again.getMessage());
        return e;
    }

    @Test
    void nullKeysAndNullCreatorsAreRefusedByName() {
        Creator<String, String> fine = key -> "v";
        assertEquals("the key is null", message(() -> cache.getOrCreate(nothing(), fine)));
        assertEquals("the key is null", message(() -> cache.obtain(nothing(), fine)));
        assertEquals("the key is null", message(() -> cache.obtainAsync(nothing(), fine)));
        assertEquals("the key is null", message(() -> cache.find(nothing())));
        assertEquals("the key is null", message(() -> cache.invalidate(nothing())));
        assertEquals("creator", message(() -> cache.getOrCreate("k", nothing())));
        assertEquals("creator", message(() -> cache.obtain("k", nothing())));
        assertEquals("creator", message(() -> cache.obtainAsync("k", nothing())));
        assertEquals(Source.CREATED, cache.obtain("k", fine).source(), "and no flight was left behind");
    }

    private static String message(org.junit.jupiter.api.function.Executable call) {
        return String.valueOf(assertThrows(NullPointerException.class, call).getMessage());
    }

    /** A null where the types say that there is none, as callers without a null checker can pass it. */
    @SuppressWarnings("unchecked") // null is of every type
    private static <T> T nothing() {
        return (T) (Object) null;
    }
}
