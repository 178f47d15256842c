package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class StampedeTurnTest {

    private static final double EXACT = 1e-9;

    private static CommandCounts commands(long gets, long pings, long infos) {
        return new CommandCounts(Map.of("get", gets, "ping", pings, "info", infos));
    }

    /** Otherwise a key would cost more where others have to be waited for longer. */
    @ParameterizedTest
    @ValueSource(ints = {1, 10, 60})
    void whatIsTakenAtRestIsNoCostOfAKey(int seconds) {
        StampedeTurn turn = StampedeTurns.resting("ours", 0, seconds, commands(0, 0, 0), commands(0, 0, 0));
        assertEquals(5, turn.cpuMillisPerKey(), EXACT);
        assertEquals(2, turn.redisMillisPerKey(), EXACT);
        assertEquals(3, turn.restMillisPerSecond(), EXACT);
        assertEquals(5 + 0.3 * seconds, turn.cpuMillisPerKeyWithRest(), EXACT);
    }

    @Test
    void whatIsSentByTheClockIsNoCostOfAKey() {
        StampedeTurn turn = StampedeTurns.resting("ours", 0, 10, commands(160, 40, 40), commands(2, 8, 8));
        assertEquals(1, turn.byTheClockPerKey(), EXACT, "one a second");
        assertEquals(15, turn.commandsPerKey(), EXACT);
        assertEquals(7.5, turn.sentPerKey(), EXACT);
        assertEquals(4, turn.pingsPerSecond(), EXACT);
        assertEquals(9, turn.idlePerSecond(), EXACT);
    }
}
