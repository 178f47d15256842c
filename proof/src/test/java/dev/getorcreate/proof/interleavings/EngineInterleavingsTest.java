package dev.getorcreate.proof.interleavings;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No order of steps in which the real engine breaks what the protocol promises. */
@Tag("once")
class EngineInterleavingsTest extends WholeSearch {

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
