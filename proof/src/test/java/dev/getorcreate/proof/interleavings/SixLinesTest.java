package dev.getorcreate.proof.interleavings;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.testkit.interleavings.Drawing;
import dev.getorcreate.testkit.interleavings.Interleavings;
import dev.getorcreate.testkit.interleavings.Report;
import org.junit.jupiter.api.Test;

/** What {@code ./whiteboard} shows. */
public class SixLinesTest {

    /** The race, as small as it can be. */
    public static Drawing drawing() {
        return explored().failure().orElseThrow().drawing();
    }

    private static Report explored() {
        return Interleavings.of(SixLines::scenario).explore(SixLines::oneRecord);
    }

    @Test
    void twoRecordsAreFoundAndTheWindowIsSaid() {
        Report report = explored();
        assertTrue(report.complete());
        assertEquals(6, report.interleavings());
        assertEquals(4, report.violations());
        assertEquals(
                "B checked before A acted: both believe they are first.",
                report.failure().orElseThrow().drawing().sentence());
        assertEquals("ab3a2", report.failure().orElseThrow().replay());
    }

    @Test
    void aReplayShowsTheOrderThatWasAskedForEvenIfThereIsASmallerOne() {
        Report report = Interleavings.of(SixLines::scenario).replay("aba2b2", SixLines::oneRecord);
        assertEquals("aba2b2", report.failure().orElseThrow().replay());
    }

    @Test
    void ofItsTwentyOrdersAllGoWrongButTheTwoInWhichOneIsDoneBeforeTheOtherBegins() {
        Report report = Interleavings.of(SixLines::scenario).everyOrder().explore(SixLines::oneRecord);
        assertEquals(20, report.interleavings());
        assertEquals(18, report.violations());
    }
}
