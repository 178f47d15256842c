package dev.getorcreate.proof.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.spi.Transactions.Completion;
import dev.getorcreate.testkit.interleavings.Interleavings;
import dev.getorcreate.testkit.interleavings.Report;
import dev.getorcreate.testkit.interleavings.Result;
import dev.getorcreate.testkit.interleavings.Setup;
import java.util.List;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/**
 * A caller's transaction creates the record, others ask for it: nobody but that caller sees the row before it is
 * committed, nor what was rolled back, and what is published is the committed row.
 */
@Tag("once")
class TransactionInterleavingsTest {

    private World world;
    private TransactedTable table;
    private Completion end;

    private Interleavings explorer(Completion how, Consumer<World> others) {
        return explorer(how, true, others);
    }

    private Interleavings explorer(Completion how, boolean asksAgain, Consumer<World> others) {
        return Interleavings.of((Setup setup) -> {
            world = new World(setup);
            table = new TransactedTable(world.table);
            end = how;
            world.ruledBy(table);
            World.Process first = world.process("P1");
            first.stepped()
                    .caller(
                            "T",
                            () -> table.run(first.stepped(), how, () -> {
                                Outcome<String> answer = first.cache().obtain(World.KEY, key -> world.create("T"));
                                if (asksAgain) {
                                    assertEquals(
                                            answer.value(),
                                            first.cache().getOrCreate(World.KEY, key -> "never"),
                                            "the owner asks again and gets its pending record");
                                }
                                return answer;
                            }));
            others.accept(world);
        });
    }

    /** Asks outside of any transaction; what it gets must be there for all to see. */
    private void asker(World world, String process) {
        World.Process where = world.process(process);
        where.stepped().caller("B", () -> {
            Outcome<String> answer = where.cache().obtain(World.KEY, key -> world.create("B"));
            assertEquals(table.row(), answer.value(), "I2: what B got is committed");
            return answer;
        });
    }

    private void judge(Result result) {
        List<String> callers = end == Completion.COMMITTED ? List.of("T", "B") : List.of("B");
        long created = callers.stream()
                .map(caller -> World.outcome(result, caller))
                .filter(answer -> answer != null && answer.source() == Source.CREATED)
                .count();
        assertTrue(created <= 1, () -> "I3: " + created + " callers were told that they created");
        String row = world.table.rows().get(World.KEY);
        if (row != null) {
            world.afterwards(result, row);
        }
    }

    private void holds(Interleavings explorer) {
        Report report = explorer.check(this::judge);
        assertTrue(report.complete() && report.interleavings() > 1, report::toString);
    }

    @Test
    void whatIsCommittedIsSeenInTheSameProcessThenAndNotBefore() {
        holds(explorer(Completion.COMMITTED, false, world -> asker(world, "P1")));
    }

    @Test
    void whatIsCommittedIsSeenInAnotherProcessThenAndNotBefore() {
        holds(explorer(Completion.COMMITTED, world -> asker(world, "P2")));
    }

    @Test
    @Tag("long")
    void whatIsRolledBackIsSeenByNobodyInTheSameProcess() {
        holds(explorer(Completion.ROLLED_BACK, false, world -> asker(world, "P1")));
    }

    @Test
    void whatIsRolledBackIsSeenByNobodyInAnotherProcess() {
        holds(explorer(Completion.ROLLED_BACK, world -> asker(world, "P2")));
    }

    /** But freezing: a frozen owner keeps its row locked, and how long that is waited for is the database's to say. */
    @Test
    @Tag("long")
    void withAnyOneFault() {
        holds(explorer(Completion.COMMITTED, false, world -> {
            asker(world, "P2");
            world.deathAndLosses("P1").serverFaults();
        }));
    }

    /** A manager of transactions that says too early that it has committed: it must be found. */
    @Test
    void aCommitThatIsToldTooEarlyIsFound() {
        AssertionError found = assertThrows(AssertionError.class, () -> explorer(Completion.ROLLED_BACK, world -> {
                    table.tellTooEarly();
                    asker(world, "P2");
                })
                .check(this::judge));
        assertTrue(found.getMessage().contains("I2: what B got is committed"), found::getMessage);
    }
}
