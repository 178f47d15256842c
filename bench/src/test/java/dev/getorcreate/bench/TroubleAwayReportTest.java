package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.bench.TroubleAway.Fault;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TroubleAwayReportTest {

    /** Redis is away from second 1 to 2, and seen to be back at 2.1. */
    private static final TroubleAway.Times TIMES = new TroubleAway.Times(0, 1, 1, 1);

    private static TroubleAwayReport report(String... processes) {
        TroubleAwayReport report = new TroubleAwayReport(TroubleWay.OURS, Fault.KILLED, TIMES, 2100);
        List.of(processes).forEach(report::calls);
        return report;
    }

    private static Object told(TroubleAwayReport... away) {
        Map<String, Object> figures = new TroubleResult(List.of(), List.of(), List.of(away), List.of()).figures();
        return figures.get("awaySharedAgainMillis");
    }

    @Test
    void theLastProcessDecidesWhenAllUseRedisAgain() {
        TroubleAwayReport report = report(
                "calls 500000000:500000000:500100000:SHARED 2200000000:2200000000:2250000000:SHARED",
                "calls 2150000000:2150000000:2160000000:LOCAL 2400000000:2400000000:2500000000:SHARED");
        assertEquals((Object) 400.0, told(report));
    }

    @Test
    void aProcessWithoutAHitAfterwardsIsToldAsNeverAndNotAsTheBestFigure() {
        TroubleAwayReport never =
                report("calls 2200000000:2200000000:2250000000:SHARED", "calls 2150000000:2150000000:2160000000:LOCAL");
        TroubleAwayReport other = report("calls 2200000000:2200000000:2250000000:SHARED");
        assertEquals((Object) "never", told(never));
        assertEquals((Object) "never", told(never, other));
        assertEquals((Object) "never", told(other, never));
        assertEquals((Object) "never", never.raw().get("sharedAgainMillis"));
    }

    @Test
    void aCallThatWasDueBeforeButMadeAfterwardsIsAHitToo() {
        assertEquals((Object) 200.0, told(report("calls 1500000000:2200000000:2300000000:SHARED")));
        assertEquals((Object) "never", told(report("calls 1500000000:2000000000:2300000000:SHARED")));
    }

    @Test
    void aCallThatWasNeverMadeIsNeitherAnAnswerNorAnErrorAndIsTold() {
        TroubleAwayReport report = report("calls 1200000000:1200000000:1300000000:SHARED"
                + " 1400000000:1400000000:1500000000:!RedisException 1500000000:1600000000:1600000000:-");
        assertEquals(1, report.answeredPerSecond().median());
        Map<String, Object> figures = new TroubleResult(List.of(), List.of(), List.of(report), List.of()).figures();
        assertEquals(1, figures.get("awayErrors"));
        assertEquals(1L, figures.get("awayUnmade"));
    }

    @Test
    void aProcessWithoutACallAfterwardsIsToldAsNever() {
        assertEquals((Object) "never", told(report("calls 500000000:500000000:500100000:SHARED")));
    }
}
