package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.bench.ThreadTimes.Times;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StampedePartTest {

    private static final StampedePart PART = new StampedePart(
            3,
            Map.of("callers", new Times(1_234_567, 2, 3), "netty", new Times(7_000_000, 5, 6)),
            new long[] {0, 17},
            new long[] {5, StampedePart.FAILED, 6, 7});

    @Test
    void aLineSaysItAll() {
        StampedePart read = StampedePart.of(PART.line());
        assertEquals(3, read.creatorRuns());
        assertEquals(PART.byKind(), read.byKind());
        assertArrayEquals(PART.begun(), read.begun());
        assertArrayEquals(PART.answered(), read.answered());
    }

    @Test
    void processorTimeIsThatOfItsThreadsToTheNanosecond() {
        assertEquals(8_234_567, PART.cpuNanos());
    }

    @Test
    void keysAndCallersAndErrorsAreCounted() {
        assertEquals(2, PART.keys());
        assertEquals(2, PART.threads());
        assertEquals(1, PART.errors());
    }
}
