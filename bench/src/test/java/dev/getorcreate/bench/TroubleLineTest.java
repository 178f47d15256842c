package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.bench.TroubleAway.Fault;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

class TroubleLineTest {

    private static final long MILLI = 1_000_000;
    private static final long PACE = 10 * MILLI;
    private static final int CALLS = 1000;

    private final Time time = new Time();
    private final List<TroubleCall> told = new ArrayList<>();

    /** Goes on only when somebody waits or works. */
    private static final class Time implements TroubleLine.Clock {
        private long now;

        @Override
        public long now() {
            return now;
        }

        @Override
        public void until(long moment) {
            now = Math.max(now, moment);
        }
    }

    /** A tenth of a millisecond, but for the call that is due at one moment. */
    private void serve(long slowOne, long takesMillis) {
        new TroubleLine(0, PACE, CALLS * PACE)
                .serve(
                        time,
                        due -> {
                            time.now += due == slowOne ? takesMillis * MILLI : MILLI / 10;
                            return TroubleWay.SHARED;
                        },
                        told::add);
    }

    private Map<?, ?> reported() {
        TroubleAwayReport report =
                new TroubleAwayReport(TroubleWay.OURS, Fault.SILENT, new TroubleAway.Times(0, 10, 1, 1), 0);
        report.calls(told.stream().map(TroubleCall::text).collect(Collectors.joining(" ", "calls ", "")));
        return (Map<?, ?>) report.raw().get("before");
    }

    private double millis(String name) {
        return (Double) reported().get(name);
    }

    @Test
    void aStallIsToldOfEachCallThatCameMeanwhile() {
        serve(2000 * MILLI, 300);
        assertTrue(millis("p99Millis") > 150, () -> "p99 " + millis("p99Millis"));
        assertEquals(CALLS, reported().get("calls"));
        assertEquals(300, millis("maxMillis"));
        assertEquals(0L, reported().get("unmade"));
    }

    @Test
    void aBacklogIsWorkedOffAsFastAsItGoes() {
        serve(2000 * MILLI, 300);
        // 200 is slow; then each takes a tenth of the pace, so that 231 is the first that is in time again.
        assertEquals(2300 * MILLI, told.get(201).began());
        assertEquals(2010 * MILLI, told.get(201).due());
        assertEquals(MILLI / 10, told.get(202).began() - told.get(201).began());
        assertEquals(told.get(231).due(), told.get(231).began());
    }

    @Test
    void whatIsStillDueAtTheEndIsToldAndNotMade() {
        serve(9000 * MILLI, 60_000);
        assertEquals(CALLS, told.size());
        List<TroubleCall> unmade = told.stream().filter(TroubleCall::isUnmade).toList();
        assertEquals(99, unmade.size());
        assertEquals(9010 * MILLI, unmade.get(0).due());
        assertEquals(69_000 * MILLI, time.now, "no call is made after the end");
        assertEquals(99L, reported().get("unmade"));
        assertEquals(60_000, millis("maxMillis"));
        assertTrue(millis("p99Millis") > 59_000, "who was never served took at least as long as it lasted");
    }
}
