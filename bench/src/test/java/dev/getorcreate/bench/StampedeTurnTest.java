package dev.getorcreate.bench;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

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

    /** So that somebody else can ask it other questions than the tables answer. */
    @Test
    void theRawDataHasWhatTheTablesAreMadeOf() {
        JsonNode raw = JsonMapper.shared()
                .valueToTree(StampedeTurns.turn("ours", 0, 7, 15).raw());
        assertEquals(0.001, raw.at("/stages/untilTheCreatorBeginsMillis").doubleValue(), EXACT);
        assertEquals(6.999, raw.at("/stages/toItsProcessesAnswersMillis").doubleValue(), EXACT);
        assertEquals(30_000_000, raw.at("/byKind/netty/cpuNanos").longValue());
        assertEquals(1, raw.at("/begunMicros").size(), "of each process");
        assertEquals(1, raw.at("/begunMicros/0/9").longValue(), "each key");
        assertEquals(1, raw.at("/answeredMicros").size(), "of each process");
        assertEquals(10, raw.at("/answeredMicros/0").size(), "each key and caller");
        assertEquals(27_000, raw.at("/answeredMicros/0/9").longValue());
    }

    @Test
    void whoFailedIsTold() {
        StampedePart part = new StampedePart(1, Map.of(), new long[] {1_000}, new long[] {5_000, StampedePart.FAILED});
        assertArrayEquals(new long[] {5, StampedePart.FAILED}, part.answeredMicros());
        assertArrayEquals(new long[] {1}, part.begunMicros());
    }
}
