package dev.getorcreate.proof.interleavings;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.testkit.interleavings.Interleavings;
import dev.getorcreate.testkit.interleavings.Report;
import dev.getorcreate.testkit.interleavings.Setup;
import java.nio.charset.StandardCharsets;
import java.util.function.Consumer;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No order of steps in which the real engine breaks what the protocol promises. */
@Tag("once")
class EngineInterleavingsTest {

    /** Of the run that is going on. Guard: one run at a time. */
    private World world;

    private Report holds(Interleavings explorer) {
        Report report = explorer.check(result -> world.judge(result));
        assertTrue(report.complete() && report.interleavings() > 1, report::toString);
        return report;
    }

    private Interleavings explorer(Consumer<World> scenario) {
        return Interleavings.of((Setup setup) -> {
            world = new World(setup);
            scenario.accept(world);
        });
    }

    @Test
    void twoProcessesOfTwoCallers() {
        holds(explorer(world -> world.callers(2, 2)));
    }

    @Test
    void twoProcessesWithoutAnArbiter() {
        holds(explorer(world -> world.withoutArbiter().callers(1, 2)));
    }

    @Test
    void threeProcesses() {
        holds(explorer(world -> world.callers(1, 1, 1)).preemptions(2));
    }

    @Test
    void whatCannotBeReadIsOverwrittenOnce() {
        holds(explorer(world -> {
            world.callers(1, 1);
            world.redis.put(
                    World.CACHE,
                    World.KEY.getBytes(StandardCharsets.US_ASCII),
                    "garbage".getBytes(StandardCharsets.US_ASCII));
        }));
    }

    @Tag("long")
    @Test
    void oneWhoLooksDoesNotDisturbOneWhoCreates() {
        holds(explorer(world -> {
            world.callers(1, 1);
            World.Process first = world.process("P1");
            first.stepped().caller("looks", () -> first.cache().find(World.KEY));
        }));
    }
}
