package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.DoubleStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ResultsTest {

    @Test
    void aFigureHasThreeDecimals() {
        assertEquals((Object) 1.235, Results.rounded(1.23456));
        assertEquals((Object) 0.0, Results.rounded(0));
    }

    @ParameterizedTest
    @ValueSource(doubles = {Double.NaN, Double.POSITIVE_INFINITY, Double.NEGATIVE_INFINITY})
    void whatIsNoNumberIsNotToldAsOne(double value) {
        assertEquals((Object) "not measured", Results.rounded(value));
    }

    @Test
    void aSpreadIsToldWithItsEndsAndQuartiles() {
        assertEquals(
                Map.of(
                        "ratio", 4.5,
                        "ratioLeast", 1.0,
                        "ratioGreatest", 8.0,
                        "ratioLowerQuartile", 3.0,
                        "ratioUpperQuartile", 6.0),
                told(8, 7, 6, 5, 4, 3, 2, 1));
    }

    @Test
    void ofAFewRoundsTheQuartilesAreTheEnds() {
        assertEquals(new Spread(2, 1, 3, 1, 3), Spread.of(List.of(1.0, 2.0, 3.0)));
    }

    @Test
    void aSpreadIsReadAsItWasTold() {
        assertEquals(new Spread(2, 1, 3, 1, 3), Spread.told(told(1, 2, 3), "ratio"));
        assertFalse(Spread.told(told(0, 2, 3), "ratio").isMeasured());
        assertFalse(Spread.told(Map.of(), "ratio").isMeasured());
    }

    @Test
    void aSpreadWithARoundThatGaveNoRatioIsNotToldAtAll() {
        assertEquals(Map.of("ratio", "not measured"), told(1, 2, Double.POSITIVE_INFINITY));
        assertEquals(Map.of("ratio", "not measured"), told(1, 2, Double.NaN));
        assertEquals(Map.of("ratio", "not measured"), told(0, 2, 3));
    }

    @Test
    void allPartsTellASpreadInTheSameWay() {
        Map<String, Object> creation = new LinkedHashMap<>();
        CreationRound.put(creation, "ratio", List.of(new CreationRound(0, 1, 1, 2, 1, 1)));
        assertEquals(Map.of("ratio", "not measured"), creation);
    }

    private static Map<String, Object> told(double... rounds) {
        Map<String, Object> result = new LinkedHashMap<>();
        Spread.of(DoubleStream.of(rounds)).put(result, "ratio");
        return result;
    }
}
