package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import java.util.stream.DoubleStream;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class GuardVerdictTest {

    private static final int ROUNDS = 15;

    /** So many of the rounds are the one, the rest the other. */
    private static Spread rounds(int many, double one, double other) {
        return Spread.of(IntStream.range(0, ROUNDS).mapToDouble(i -> i < many ? one : other));
    }

    /** Beside a reference of 1, with a margin of 25 %. */
    private static GuardVerdict ratio(Spread now) {
        return new GuardVerdict("ratio", false, now, 1, 0.25);
    }

    private static GuardVerdict throughput(Spread now) {
        return new GuardVerdict("throughput", true, now, 1, 0.25);
    }

    @Test
    void threeQuartersOfTheRoundsBeyondTheMarginAreWorse() {
        assertTrue(ratio(rounds(12, 1.3, 0.8)).isWorse(), "whose other rounds were lucky");
        assertFalse(ratio(rounds(11, 1.3, 0.8)).isWorse());
        assertFalse(ratio(rounds(15, 1.2, 1)).isWorse(), "within the margin");
    }

    @Test
    void aThroughputIsWorseWhereItIsLess() {
        assertTrue(throughput(rounds(12, 0.75, 1.2)).isWorse());
        assertFalse(throughput(rounds(11, 0.75, 1.2)).isWorse());
        assertFalse(throughput(rounds(15, 1.4, 1)).isWorse());
    }

    @Test
    void whatItSaysThatItWouldReportItReports() {
        Spread now = Spread.of(DoubleStream.of(0.6, 0.9, 1, 1, 1, 1, 1.1, 1.2, 3));
        String line = ratio(now).line();
        assertTrue(line.endsWith("reported from 25 % slower on): ok"), line);
        assertTrue(ratio(slower(now, 1.26)).isWorse());
        assertFalse(ratio(slower(now, 1.24)).isWorse());
    }

    private static Spread slower(Spread now, double times) {
        return new Spread(
                now.median() * times,
                now.least() * times,
                now.greatest() * times,
                now.lower() * times,
                now.upper() * times);
    }

    @Test
    void theLineSaysWhatItIsJudgedBy() {
        assertEquals(
                "guard: ratio 1.30 (0.80 to 1.30), was 1.00 (three rounds of four at +30 % or worse, margin 25 %): WORSE",
                ratio(rounds(12, 1.3, 0.8)).line());
        assertEquals(
                "guard: throughput 0.80 (0.80 to 1.20), was 1.00 (three rounds of four at +25 % or worse, margin 25 %;"
                        + " reported from 0 % slower on): ok",
                throughput(rounds(12, 0.8, 1.2)).line());
    }

    @Test
    void whatWasNotMeasuredIsSaidToBeSo() {
        Spread none = Spread.told(Map.of(), "ratio");
        assertEquals(
                "guard: ratio: NOT MEASURED: now not measured, was 1.0",
                ratio(none).line());
        GuardVerdict noReference = new GuardVerdict("ratio", false, rounds(15, 1, 1), Double.NaN, 0.25);
        assertEquals("guard: ratio: NOT MEASURED: now 1.0, was not measured", noReference.line());
    }

    @Test
    void whatDiffersMoreThanTheMarginIsNoReference() {
        ratio(rounds(12, 1, 3)).requireFit();
        String message = assertThrows(IllegalStateException.class, () -> ratio(rounds(8, 1, 1.3))
                        .requireFit())
                .getMessage();
        assertTrue(message.contains("30 %") && message.contains("25 %"), message);
        throughput(rounds(12, 1, 3)).requireFit();
        assertThrows(
                IllegalStateException.class, () -> throughput(rounds(8, 1, 1.3)).requireFit());
        assertThrows(IllegalStateException.class, () -> ratio(Spread.told(Map.of(), "ratio"))
                .requireFit());
    }
}
