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
}
