package dev.getorcreate.proof.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.getorcreate.CacheClosedException;
import dev.getorcreate.Outcome;
import dev.getorcreate.Source;
import dev.getorcreate.WaitInterruptedException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Look;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What concerns its leader alone, or nobody any more, leaves no mark for others. */
class NoFailureMarksTest extends FailureMarksFixture {

    @Test
    void withoutFailureHoldNoMarkIsLeftAndTheNextTriesForItself() {
        try (var cache = process(Combination.SHARED, settings -> settings.failureHold(Duration.ZERO))) {
            Gate gate = new Gate();
            Caller<Outcome<String>> leader = heldLeader(cache, gate, key -> {
                throw new IllegalStateException();
            });
            Caller<Outcome<String>> waiter = waiter(there, 1);
            gate.open();
            leader.error(IllegalStateException.class);
            assertEquals(new Outcome<>("mine", Source.CREATED), waiter.answer());
        }
    }

    @Test
    void anErrorOfTheCreatorIsItsLeadersAloneInOtherProcessesToo() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(here, gate, key -> {
            throw new AssertionError("mine");
        });
        Caller<Outcome<String>> waiter = waiter(there, 1);
        gate.open();
        leader.error(AssertionError.class);
        assertEquals(new Outcome<>("mine", Source.CREATED), waiter.answer());
    }

    @Test
    void anInterruptIsItsLeadersAloneInOtherProcessesToo() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(here, gate, key -> "never");
        Caller<Outcome<String>> waiter = waiter(there, 1);
        leader.interrupt();
        leader.error(WaitInterruptedException.class);
        assertEquals(new Outcome<>("mine", Source.CREATED), waiter.answer());
    }

    @Test
    void whatFailsWhenItIsOverdueLeavesNoMarkOverItsSuccessor() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(here, gate, key -> {
            throw new IllegalStateException("late");
        });
        Passing.by(time, Duration.ofSeconds(10), 0);
        Claim successor = foreign.claim("k");
        gate.open();
        leader.error(IllegalStateException.class);
        assertEquals(
                successor.token(),
                assertInstanceOf(Look.Held.class, foreign.look("k")).token());
        foreign.release("k", successor);
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
    }

    @Test
    void whatFailsUnderALostClaimLeavesNoMark() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(here, gate, key -> {
            throw new IllegalStateException("mine");
        });
        foreign.invalidate("k");
        gate.open();
        leader.error(IllegalStateException.class);
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
    }

    @Test
    void whatClosingLetsGoLeavesNoMark() {
        Gate gate = new Gate();
        Caller<Outcome<String>> leader = heldLeader(here, gate, key -> {
            throw new IllegalStateException("late");
        });
        Caller<String> closing = Caller.start(() -> {
            here.close();
            return "closed";
        });
        Passing.asleep(time, 1);
        time.advance(Duration.ofSeconds(10));
        assertEquals("closed", closing.answer());
        gate.open();
        leader.error(IllegalStateException.class);
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
    }

    @Test
    void aCreatorThatNeedsAClosedCacheLeavesNoMark() {
        there.close();
        assertThrows(
                CacheClosedException.class,
                () -> here.getOrCreate("k", key -> there.getOrCreate("inner", inner -> "never")));
        assertEquals(Look.Nothing.NOTHING, foreign.look("k"));
    }
}
