package dev.getorcreate.proof.chaos;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

/** Whoever asks is answered. */
class EndingsTest extends Judging {

    private static Planted asking() {
        return Planted.good(true).at(1, 6000, "CALL 4 k OBTAIN");
    }

    @Test
    void aCallWithoutAnEndIsRejectedUnlessItsProcessWasKilled() {
        rejects(asking(), Violation.Kind.UNANSWERED);
        accepts(asking().fault(Fault.KILL, 1, 6001, 6002).killed(1, ""));
    }

    /** It never says goodbye, since it waits for that very call. */
    @Test
    void aCallThatKeepsItsProcessFromComingToItsEndIsRejected() {
        rejects(asking().hanging(1), Violation.Kind.UNANSWERED);
        assertEquals("k", asking().hanging(1).check(folder).violations().get(0).key());
    }

    @Test
    void aProcessThatHangsInNoCallIsRejected() {
        rejects(Planted.good(true).hanging(1), Violation.Kind.UNANSWERED);
        assertEquals(1, Planted.good(true).hanging(1).check(folder).violations().size());
    }

    /** With how it ends, a call of process 1 that takes as long as a call may, and so much more. */
    private static Planted late(String end, long more) {
        return Planted.good(true)
                .at(1, 6000, "CALL 4 k OBTAIN")
                .at(1, 6000 + Planted.LONGEST_CALL.toMillis() + more, end);
    }

    private static Planted late(long more) {
        return late("ANSWER 4 k LOCAL k/0.1/2", more);
    }

    @Test
    void aCallThatTakesLongerThanAllThatItMayWaitForIsRejected() {
        accepts(late(0));
        rejects(late(1), Violation.Kind.TOO_LATE);
        rejects(late("INVALIDATED 4 k PENDING", 1), Violation.Kind.TOO_LATE);
    }

    @Test
    void whatWasDoneToItsProcessOrToEverybodyMeanwhileIsNotCounted() {
        accepts(late(1000).fault("freeze", 1, 7000, 8000));
        accepts(late(1000).fault("redisRestart", Fault.EVERYBODY, 7000, 8000));
        accepts(late(1000).at(1, 8000, "STALL 0 - 1000000000"));
        rejects(late(1001).fault("freeze", 1, 7000, 8000), Violation.Kind.TOO_LATE);
        rejects(late(1000).fault("freeze", 0, 7000, 8000), Violation.Kind.TOO_LATE);
    }

    @Test
    void whatWasDoneAtTheSameTimeIsCountedOnceAndOnlyWhileTheCallLasted() {
        Planted both =
                late(1500).fault("redisFreeze", Fault.EVERYBODY, 7500, 8500).fault("freeze", 1, 7000, 8000);
        accepts(both);
        rejects(
                late(1501).fault("freeze", 1, 7000, 8000).fault("redisFreeze", -1, 7500, 8500),
                Violation.Kind.TOO_LATE);
        rejects(late(1000).fault("freeze", 1, 5500, 6500), Violation.Kind.TOO_LATE);
    }
}
