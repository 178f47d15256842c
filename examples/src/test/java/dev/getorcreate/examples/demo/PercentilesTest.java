package dev.getorcreate.examples.demo;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class PercentilesTest {

    @Test
    void aPercentileIsAMeasuredTimeThatThatShareIsNoLongerThan() {
        Percentiles times =
                new Percentiles(LongStream.rangeClosed(1, 200).boxed().toList());
        assertEquals(100, times.at(0.5));
        assertEquals(198, times.at(0.99));
        assertEquals(200, times.at(1));
        assertEquals(1, times.at(0));
    }

    @Test
    void orderDoesNotMatterAndOneTimeIsEveryPercentile() {
        assertEquals(3, new Percentiles(List.of(9L, 1L, 3L)).at(0.5));
        assertEquals(7, new Percentiles(List.of(7L)).at(0.99));
    }

    @Test
    void nothingMeasuredIsZero() {
        assertEquals(0, new Percentiles(List.of()).at(0.99));
    }
}
