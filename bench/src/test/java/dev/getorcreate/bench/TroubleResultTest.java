package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.getorcreate.bench.TroubleAway.Fault;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;

class TroubleResultTest {

    private static final TroubleAway.Times TIMES = new TroubleAway.Times(0, 1, 1, 1);

    private static TroubleTrial trial(double servedMillis) {
        return new TroubleTrial(servedMillis, 2, new CallerErrors(), false, CountedStatements.Counts.NONE);
    }

    private static TroubleTrial.Row killed(String way, double servedMillis) {
        return new TroubleTrial.Row(HolderTrouble.KILLED, way, true, List.of(trial(servedMillis)));
    }

    private static TroubleTrial.Row cut(TroubleCut.Cut cut, String way, double... servedMillis) {
        List<TroubleTrial> trials =
                DoubleStream.of(servedMillis).mapToObj(TroubleResultTest::trial).toList();
        return new TroubleTrial.Row(cut.words, way, true, trials);
    }

    private static TroubleAwayReport away(String way, String calls) {
        TroubleAwayReport report = new TroubleAwayReport(way, Fault.KILLED, TIMES, 2000);
        report.calls("calls " + calls);
        return report;
    }

    @Test
    void eachOfTheRivalsWaysIsToldByItsName() {
        List<TroubleTrial.Row> holders =
                List.of(killed(TroubleWay.OURS, 100), killed(TroubleWay.TUNED, 300), killed(TroubleWay.REDISSON, 900));
        List<TroubleAwayReport> away = List.of(
                away(TroubleWay.OURS, "1100000000:1100000000:1100000001:LOCAL"),
                away(TroubleWay.TUNED, "1100000000:1100000000:1100000001:TABLE"),
                away(TroubleWay.REDISSON, "1100000000:1100000000:1100000001:!Some 1200000000:9000000000:9000000000:-"));
        Map<String, Object> told = new TroubleResult(holders, List.of(), away, List.of()).figures();
        assertEquals(3.0, told.get("crashRecoveryVsRedissonTuned"));
        assertEquals(9.0, told.get("crashRecoveryVsRedisson"));
        assertEquals(1.0, told.get("awayAnsweredPerSecond"));
        assertEquals(1.0, told.get("awayAnsweredPerSecondRedissonTuned"));
        assertEquals(0.0, told.get("awayAnsweredPerSecondRedisson"));
        assertEquals(0, told.get("awayErrorsRedissonTuned"));
        assertEquals(1, told.get("awayErrorsRedisson"));
        assertEquals(0L, told.get("awayUnmadeRedissonTuned"));
        assertEquals(1L, told.get("awayUnmadeRedisson"));
    }

    @Test
    void whatIsComparedWithIsNoneOfTheCuts() {
        List<TroubleTrial.Row> cuts = List.of(
                cut(TroubleCut.Cut.NONE, TroubleWay.OURS, 700, 800, 900),
                cut(TroubleCut.Cut.CREATOR, TroubleWay.OURS, 10, 20, 400),
                cut(TroubleCut.Cut.ALL, TroubleWay.OURS, 1, 30, 40),
                cut(TroubleCut.Cut.ALL, TroubleWay.TUNED, 600, 600, 600));
        Map<String, Object> told = new TroubleResult(List.of(), cuts, List.of(), List.of()).figures();
        assertEquals(30.0, told.get("cutRecoveryMillis"));
        assertEquals(400.0, told.get("cutRecoveryMaxMillis"));
    }

    @Test
    void aRivalByItselfIsToldToo() {
        List<TroubleTrial.Row> holders = List.of(killed(TroubleWay.TUNED, 300));
        List<TroubleTrial.Row> cuts = List.of(cut(TroubleCut.Cut.ALL, TroubleWay.TUNED, 600));
        Map<String, Object> told = new TroubleResult(holders, cuts, List.of(), List.of()).figures();
        assertEquals(300.0, told.get("crashRecoveryMillisRedissonTuned"));
        assertEquals(600.0, told.get("cutRecoveryMillisRedissonTuned"));
        assertFalse(told.containsKey("crashRecoveryMillis") || told.containsKey("cutRecoveryMillis"));
    }

    @Test
    void theWorstOfTheFaultsSpeaksForAWay() {
        List<TroubleAwayReport> away = List.of(
                away(TroubleWay.OURS, "1100000000:1100000000:1100000001:LOCAL"),
                away(TroubleWay.OURS, "1100000000:1100000000:1100000001:!Some"));
        Map<String, Object> told = new TroubleResult(List.of(), List.of(), away, List.of()).figures();
        assertEquals(1, told.get("awayErrors"));
        assertEquals(0.0, told.get("awayAnsweredPerSecond"));
    }
}
