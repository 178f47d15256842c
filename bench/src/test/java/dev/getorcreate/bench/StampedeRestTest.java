package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.bench.ThreadTimes.Times;
import java.util.Map;
import org.junit.jupiter.api.Test;

class StampedeRestTest {

    private static long cpuNanos(Map<String, Times> byKind) {
        return StampedeRest.of(new CommandCounts(Map.of()), 1, byKind, 0).cpuNanos();
    }

    /** A key would else cost less than nothing, where the compilers are busy still. */
    @Test
    void whatCompilersFinishIsNoRest() {
        Map<String, Times> byKind = Map.of(
                "callers", new Times(1, 0, 0),
                "compilers", new Times(1_000, 0, 0),
                "netty", new Times(20, 0, 0),
                "others", new Times(300, 0, 0));
        assertEquals(321, cpuNanos(byKind));
        assertEquals(7, cpuNanos(Map.of("netty", new Times(7, 0, 0))));
    }
}
