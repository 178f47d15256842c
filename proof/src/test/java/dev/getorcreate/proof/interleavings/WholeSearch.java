package dev.getorcreate.proof.interleavings;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.testkit.interleavings.Interleavings;
import dev.getorcreate.testkit.interleavings.Report;
import dev.getorcreate.testkit.interleavings.Setup;
import java.util.function.Consumer;

/** Scenarios of callers of the real engine, each gone through to its end. */
abstract class WholeSearch {

    /** Of the run that is going on. Guard: one run at a time. */
    private World world;

    final Report holds(Interleavings explorer) {
        Report report = explorer.check(result -> world.judge(result));
        assertTrue(report.complete() && report.interleavings() > 1, report::toString);
        return report;
    }

    final Interleavings explorer(Consumer<World> scenario) {
        return Interleavings.of((Setup setup) -> {
            world = new World(setup);
            scenario.accept(world);
        });
    }
}
