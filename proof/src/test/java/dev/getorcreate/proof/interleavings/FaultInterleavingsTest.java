package dev.getorcreate.proof.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.testkit.interleavings.Report;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** No fault at any place, in any order of steps, with which the real engine breaks what the protocol promises. */
@Tag("once")
class FaultInterleavingsTest extends WholeSearch {

    @Test
    void anyOneFaultAtAnyPlace() {
        Report report = holds(explorer(world ->
                world.callers(1, 1).processFaults("P1").processFaults("P2").serverFaults()));
        assertEquals(
                "every order of the steps, equivalent ones once, with at most 1 of 13 faults at every place",
                report.covered());
    }

    @Test
    void anyOneFaultAtAnyPlaceWithoutAnArbiter() {
        holds(explorer(world -> world.withoutArbiter()
                .callers(1, 1)
                .processFaults("P1")
                .processFaults("P2")
                .serverFaults()));
    }

    /** A fourth caller would join in the one process as the second does in the other, and to both comes each fault. */
    @Test
    @Tag("long")
    void anyOneFaultAtAnyPlaceAmongThreeCallers() {
        holds(explorer(world ->
                world.callers(2, 1).processFaults("P1").processFaults("P2").serverFaults()));
    }

    /** The processes are alike, so a fault of the second mirrors one of the first. */
    @Test
    @Tag("long")
    void anyOneFaultBetweenTurnsOfTwoProcessesOfTwoCallers() {
        holds(explorer(world -> world.callers(2, 2).processFaults("P1").serverFaults())
                .preemptions(0));
    }
}
