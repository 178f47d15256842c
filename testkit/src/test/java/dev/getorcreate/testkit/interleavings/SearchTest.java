package dev.getorcreate.testkit.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.Lock;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SearchTest {

    private static final Check NO_CHECK = result -> {};

    private static Consumer<Setup> twoCallers(int steps, boolean sameKey) {
        return setup -> {
            SteppedStore store = setup.store("s");
            for (String name : List.of("A", "B")) {
                setup.caller(name, () -> {
                    for (int i = 0; i < steps; i++) {
                        store.set(sameKey ? "k" : name, name + i);
                    }
                    return null;
                });
            }
        };
    }

    @ParameterizedTest
    @CsvSource({"1, 2", "2, 6", "3, 20", "4, 70", "5, 252", "6, 924"})
    void twoCallersOfNStepsHaveEveryOrderOfTwoNChooseN(int steps, long orders) {
        Report all = Interleavings.of(twoCallers(steps, true)).everyOrder().explore(NO_CHECK);
        assertEquals(orders, all.interleavings());
        assertTrue(all.complete());
        Report different = Interleavings.of(twoCallers(steps, true)).explore(NO_CHECK);
        assertEquals(orders, different.interleavings(), "all of them differ");
        Report same = Interleavings.of(twoCallers(steps, false)).explore(NO_CHECK);
        assertEquals(1, same.interleavings(), "none of them differ");
    }

    @Test
    void noOrderIsRunTwice() {
        Set<String> seen = new HashSet<>();
        Consumer<Setup> scenario = setup -> {
            StringBuilder order = new StringBuilder();
            for (String name : List.of("A", "B", "C")) {
                setup.caller(name, () -> {
                    for (int i = 0; i < 2; i++) {
                        Steps.writes("x", name, () -> order.append(name));
                    }
                    seen.add(order.toString());
                    return null;
                });
            }
        };
        Report report = Interleavings.of(scenario).everyOrder().explore(NO_CHECK);
        assertEquals(90, report.interleavings());
        assertEquals(90, seen.stream().filter(order -> order.length() == 6).count());
    }

    /** The reduction leaves out nothing that can be told apart: on programs that read, write, lock, lose and crash. */
    @Test
    void theReducedSearchComesToTheVeryEndingsOfTheFullOne() {
        List<Report> full = new ArrayList<>();
        List<Report> reduced = new ArrayList<>();
        for (long seed = 0; seed < 80; seed++) {
            RandomProgram program = new RandomProgram(seed);
            Interleavings explorer = Interleavings.of(program::scenario).faults(1);
            Set<String> all = program.endings(explorer.everyOrder(), full);
            assertEquals(all, program.endings(explorer, reduced), "of seed " + seed);
            assertEquals(
                    full.get(full.size() - 1).violations() > 0,
                    reduced.get(reduced.size() - 1).violations() > 0,
                    "of seed " + seed);
        }
        long fewer = reduced.stream().mapToLong(Report::interleavings).sum();
        long all = full.stream().mapToLong(Report::interleavings).sum();
        assertTrue(fewer < all / 3, () -> fewer + " of " + all);
    }

    @Test
    void callersThatWaitForEachOtherAreADeadlock() {
        Report report = Interleavings.of(setup -> {
                    Lock one = setup.lock("one");
                    Lock two = setup.lock("two");
                    setup.caller("A", () -> inside(one, two));
                    setup.caller("B", () -> inside(two, one));
                })
                .explore(NO_CHECK);
        Counterexample failure = report.failure().orElseThrow();
        assertEquals("deadlock: A waits, B waits, and nobody will do anything about it", failure.why());
        assertTrue(report.violations() < report.interleavings(), "some orders go well");
    }

    private static String inside(Lock outer, Lock inner) {
        outer.lock();
        inner.lock();
        inner.unlock();
        outer.unlock();
        return "done";
    }

    @Test
    void callersThatNeverEndAreALivelock() {
        Report report = Interleavings.of(setup -> {
                    SteppedStore store = setup.store("s");
                    setup.caller("A", () -> {
                        while (store.get("k") == null) {
                            // until somebody writes it
                        }
                        return null;
                    });
                })
                .steps(50)
                .explore(NO_CHECK);
        assertEquals(
                "livelock: no end after 50 steps",
                report.failure().orElseThrow().why());
    }

    @Test
    void timeMovesOnlyWhenNobodyCanDoAnythingElse() {
        List<Long> ends = new ArrayList<>();
        Report report = Interleavings.of(setup -> {
                    SteppedProcess process = setup.process("P");
                    CompletableFuture<String> told = new CompletableFuture<>();
                    process.caller("A", () -> process.time().await(told, 1_000_000_000L));
                    process.caller("B", () -> {
                        process.time().await(new CompletableFuture<>(), 10);
                        return told.complete("now");
                    });
                })
                .explore(result -> {
                    assertEquals(true, result.answer("A"));
                    ends.add(result.elapsed().toNanos());
                });
        assertEquals(0, report.violations());
        assertTrue(ends.stream().allMatch(end -> end == 10), ends::toString);
    }

    @ParameterizedTest
    @ValueSource(ints = {0, 1, 2, 3})
    void aBoundOfPreemptionsIsKept(int most) {
        Interleavings all = Interleavings.of(twoCallers(3, true)).everyOrder();
        Report bounded = all.preemptions(most).explore(NO_CHECK);
        // Orders of AAABBB by how often one is interrupted who could have gone on.
        assertEquals(new long[] {2, 6, 14, 18}[most], bounded.interleavings());
        assertEquals("every order with at most " + most + " preemptions, no faults", bounded.covered());
    }
}
