package dev.getorcreate.bench;

import static dev.getorcreate.bench.StampedeTurns.turn;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.Test;

class GrowthResultTest {

    private static final List<String> CONTENDERS = List.of("ours", "redissonLock");

    private static GrowthStep step(int processes, int threads, StampedeTurn... turns) {
        return new GrowthStep(
                new StampedeOptions(CONTENDERS, List.of(20), processes, threads, 1, StampedeTurns.KEYS, 1),
                List.of(turns));
    }

    private static Map<String, Object> result() {
        return new GrowthResult(
                        List.of(
                                step(8, 16, turn("ours", 0, 2, 27), turn("redissonLock", 0, 20, 5_000)),
                                step(1, 16, turn("ours", 0, 2, 6), turn("redissonLock", 0, 6, 300)),
                                step(4, 16, turn("ours", 0, 2, 15), turn("redissonLock", 0, 20, 2_000)),
                                step(4, 256, turn("ours", 0, 10, 30), turn("redissonLock", 0, 300, 30_000)),
                                step(4, 1, turn("ours", 0, 2, 12), turn("redissonLock", 0, 4, 100))),
                        CONTENDERS)
                .result();
    }

    @Test
    void theLocksTimesAreThoseOfAllSteps() {
        assertEquals(2.0, result().get("growthVsRedissonP50Least"));
        assertEquals(30.0, result().get("growthVsRedissonP50Greatest"));
    }

    @Test
    void whatThreadsAddStandsByItself() {
        assertEquals(12.0, result().get("commandsPerKey1Thread"));
        assertEquals(15.0, result().get("commandsPerKey16Threads"));
        assertEquals(30.0, result().get("commandsPerKey256Threads"));
        assertEquals(2.5, result().get("commandsPerKeyManyThreadsTimesFew"));
    }

    @Test
    void whatProcessesAddStandsByItself() {
        assertEquals(6.0, result().get("commandsPerKey1Process"));
        assertEquals(15.0, result().get("commandsPerKey4Processes"));
        assertEquals(27.0, result().get("commandsPerKey8Processes"));
        assertEquals(3.0, result().get("commandsPerKeyForAProcessMore"));
        assertEquals(3.375, result().get("commandsPerKeyAndProcessLeast"), "of eight");
        assertEquals(
                6.0, result().get("commandsPerKeyAndProcessGreatest"), "of one, and not 7.5 of four with 256 threads");
    }

    /** In the run's last line a figure stands by its name alone, and a part that fails has none there. */
    @Test
    void noFigureHasTheNameOfOneOfTheStampede() {
        StampedeOptions options = StampedeOptions.of(new String[] {"--contenders", "ours,redissonLock"});
        List<StampedeTurn> turns = List.of(turn("ours", 0, 2, 15), turn("redissonLock", 0, 20, 2_000));
        Set<String> common =
                new HashSet<>(new StampedeReport(options, 20, turns).result().keySet());
        common.retainAll(result().keySet());
        assertEquals(Set.of(), common);
    }
}
