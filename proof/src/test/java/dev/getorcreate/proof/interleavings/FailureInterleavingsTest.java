package dev.getorcreate.proof.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.CreationFailedException;
import dev.getorcreate.Outcome;
import dev.getorcreate.Ruling;
import dev.getorcreate.testkit.InMemoryArbiter;
import dev.getorcreate.testkit.interleavings.Interleavings;
import dev.getorcreate.testkit.interleavings.Report;
import dev.getorcreate.testkit.interleavings.Result;
import dev.getorcreate.testkit.interleavings.Setup;
import java.util.Optional;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** A creator that fails, beside others who wait for it or come later; and an arbiter that is none. */
@Tag("once")
class FailureInterleavingsTest {

    private World world;

    @Test
    void aFailureIsToldToWhoWaitedAndToNobodyElse() {
        Report report = Interleavings.of((Setup setup) -> {
                    world = new World(setup);
                    world.caller("P1", "A", key -> {
                        world.create("A");
                        throw new IllegalStateException("A cannot");
                    });
                    world.caller("P2", "B", key -> world.create("B"));
                })
                .check(this::judge);
        assertTrue(report.complete() && report.interleavings() > 1, report::toString);
    }

    private void judge(Result result) {
        Outcome<String> first = World.outcome(result, "A");
        Outcome<String> second = World.outcome(result, "B");
        if (first == null) {
            assertInstanceOf(IllegalStateException.class, result.thrown("A"));
        } else {
            assertEquals("record of B", first.value());
        }
        if (second == null) {
            Throwable told = result.thrown("B");
            assertInstanceOf(CreationFailedException.class, told);
            assertTrue(told.getMessage().contains("A cannot"), told::getMessage);
            assertTrue(first == null, "B failed by a failure that was none");
        } else {
            assertEquals("record of B", second.value());
        }
        world.afterwards(result, second == null ? "another" : "record of B");
    }

    /** Its table takes a second row for the key: it must be found, with a fault in the shared store. */
    @Test
    void aTableWithoutAConstraintIsFound() {
        Interleavings explorer = Interleavings.of((Setup setup) -> {
            world = new World(setup).arbiter(real -> new Unconstrained((InMemoryArbiter<String, String>) real));
            world.callers(1, 1).serverFaults();
        });
        AssertionError found = assertThrows(AssertionError.class, () -> explorer.check(result -> world.judge(result)));
        assertTrue(found.getMessage().startsWith("I2: the row is the record"), found::getMessage);
    }

    private record Unconstrained(InMemoryArbiter<String, String> table)
            implements dev.getorcreate.Arbiter<String, String> {
        @Override
        public Optional<String> find(String key) {
            return table.find(key);
        }

        @Override
        public Ruling<String> insert(String key, String candidate) {
            table.put(key, candidate);
            return Ruling.created(candidate);
        }
    }
}
