package dev.getorcreate.proof.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Invalidation;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.testkit.interleavings.Interleavings;
import dev.getorcreate.testkit.interleavings.Report;
import dev.getorcreate.testkit.interleavings.Result;
import dev.getorcreate.testkit.interleavings.Setup;
import dev.getorcreate.testkit.interleavings.Steps;
import java.time.Duration;
import java.util.function.Consumer;
import java.util.function.Function;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * I4: the row is changed, and the key invalidated, while others read and create; whatever was read before is gone when it
 * has been heard, and who asked after it never sees it.
 */
@Tag("once")
class InvalidationInterleavingsTest {

    private World world;

    private Interleavings explorer(Consumer<World> scenario) {
        return Interleavings.of((Setup setup) -> {
            world = new World(setup);
            scenario.accept(world);
        });
    }

    private void holds(Interleavings explorer) {
        Report report = explorer.check(this::judge);
        assertTrue(report.complete() && report.interleavings() > 1, report::toString);
    }

    private void judge(Result result) {
        world.answers(result);
        String after = (String) result.answer("changer");
        if (after != null) {
            assertEquals("new", after, "I4: who asks after its own invalidation");
        }
        if (!result.faults().isEmpty()) {
            // I5: what was found in the database while Redis was away is kept for so long, and no longer.
            result.pass(World.STALENESS);
        }
        if (!result.crashed("changer")) {
            world.afterwards(result, "new");
        }
    }

    /** Changes the row and invalidates, as users are told to. */
    private static void changer(World world, String process) {
        changer(world, process, where -> null);
    }

    /** The same, and then asks. */
    private static void changerWhoAsks(World world, String process) {
        changer(world, process, where -> where.cache()
                .obtain(World.KEY, key -> "never")
                .value());
    }

    private static void changer(World world, String process, Function<World.Process, String> afterwards) {
        World.Process where = world.process(process);
        where.stepped().invalidator("changer", () -> {
            Steps.writes("table " + World.KEY, "update k", () -> {
                world.table.put(World.KEY, "new");
                return "new";
            });
            Invalidation said = where.cache().invalidate(World.KEY);
            String answer = afterwards.apply(where);
            return said == Invalidation.CONFIRMED ? answer : null;
        });
    }

    @Test
    void againstOneWhoReadsTheRow() {
        holds(explorer(world -> {
            world.table.put(World.KEY, "old");
            world.callers(1);
            changerWhoAsks(world, "P2");
        }));
    }

    @Test
    void inTheVeryProcessThatReadsTheRow() {
        holds(explorer(world -> {
            world.table.put(World.KEY, "old");
            world.callers(1);
            changer(world, "P1");
        }));
    }

    @Test
    @Tag("long")
    void inTheVeryProcessThatReadsTheRowAndAsksAgain() {
        holds(explorer(world -> {
            world.table.put(World.KEY, "old");
            world.callers(1);
            changerWhoAsks(world, "P1");
        }));
    }

    /** The record passes on the wire, the change right behind it, and the thread that asked wakes late. */
    @Test
    void againstOneWhoReadsTheRecord() {
        holds(explorer(InvalidationInterleavingsTest::readerOfARecord));
    }

    private static void readerOfARecord(World world) {
        world.table.put(World.KEY, "old");
        world.callers(1);
        changerWhoAsks(world, "P2");
        world.before(() -> world.process("P2").cache().getOrCreate(World.KEY, key -> "never"));
    }

    @Test
    void againstOneWhoHasTheRecordInItsMemory() {
        holds(explorer(world -> {
            world.table.put(World.KEY, "old");
            world.callers(1);
            changerWhoAsks(world, "P2");
            world.before(() -> world.process("P1").cache().getOrCreate(World.KEY, key -> "never"));
        }));
    }

    @Test
    void withAnyOneFaultOfTheReaderOrTheServer() {
        holds(explorer(world -> {
            world.table.put(World.KEY, "old");
            world.callers(1);
            changer(world, "P2");
            world.before(() -> world.process("P2").cache().getOrCreate(World.KEY, key -> "never"));
            world.processFaults("P1").serverFaults();
        }));
    }

    @Test
    @Tag("long")
    void withAnyOneFaultAndAChangerWhoAsksAgain() {
        holds(explorer(world -> {
            readerOfARecord(world);
            world.processFaults("P1").processFaults("P2").serverFaults();
        }));
    }

    /** Nobody listens to what Redis tells of changes: it must be found. */
    @Test
    void aProcessThatIsDeafToChangesIsFound() {
        AssertionError found =
                assertThrows(AssertionError.class, () -> explorer(world -> readerOfARecord(world.store(Deaf::new)))
                        .check(this::judge));
        assertTrue(
                found.getMessage().startsWith("I4: what P1 answers afterwards ==> expected: <new> but was: <old>"),
                found::getMessage);
    }

    private record Deaf(SharedStore real) implements SharedStore {
        @Override
        public <K> SharedSpace<K> open(String cache, KeyCodec<K> keys, String codecId, Changes<K> changes) {
            return real.open(cache, keys, codecId, key -> {});
        }

        @Override
        public Duration maxStaleness() {
            return real.maxStaleness();
        }
    }
}
