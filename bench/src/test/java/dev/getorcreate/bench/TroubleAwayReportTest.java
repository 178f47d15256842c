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
                "calls 500000:100:SHARED 2200000:50000:SHARED", "calls 2150000:10000:LOCAL 2400000:100000:SHARED");
        assertEquals((Object) 400.0, told(report));
    }

    @Test
    void aProcessWithoutAHitAfterwardsIsToldAsNeverAndNotAsTheBestFigure() {
        TroubleAwayReport never = report("calls 2200000:50000:SHARED", "calls 2150000:10000:LOCAL");
        TroubleAwayReport other = report("calls 2200000:50000:SHARED");
        assertEquals((Object) "never", told(never));
        assertEquals((Object) "never", told(never, other));
        assertEquals((Object) "never", told(other, never));
        assertEquals((Object) "never", never.raw().get("sharedAgainMillis"));
    }

    @Test
    void aProcessWithoutACallAfterwardsIsToldAsNever() {
        assertEquals((Object) "never", told(report("calls 500000:100:SHARED")));
    }
}
