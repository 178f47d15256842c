package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

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
    void aSpreadIsToldWithItsLeastAndGreatest() {
        assertEquals(Map.of("ratio", 2.0, "ratioLeast", 1.0, "ratioGreatest", 3.0), told(1, 2, 3));
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
