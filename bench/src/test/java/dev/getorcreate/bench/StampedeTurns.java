package dev.getorcreate.bench;

import dev.getorcreate.bench.ThreadTimes.Times;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/**
 * Turns as they might have been measured: of one process with one caller, ten keys, a creator of 20 ms. At rest it takes 3 ms
 * of the processors a second, and its server 1.
 */
final class StampedeTurns {

    static final int KEYS = 10;
    static final int CREATOR_MILLIS = 20;

    private static final long MILLI = TimeUnit.MILLISECONDS.toNanos(1);

    private StampedeTurns() {}

    /** Ten seconds long. All keys take the same time beyond the creator. */
    static StampedeTurn turn(String contender, int round, long beyondMillis, long commandsPerKey) {
        CommandCounts commands = new CommandCounts(Map.of("get", commandsPerKey * KEYS));
        CommandCounts atRest = new CommandCounts(Map.of());
        return turn(contender, round, part(beyondMillis, 30), commands, 10, atRest);
    }

    /** Keys of 5 ms of the processors each, and 2 of the server's, and rests between them. */
    static StampedeTurn resting(
            String contender, int round, int seconds, CommandCounts commands, CommandCounts atRest) {
        return turn(contender, round, part(1, 5 * KEYS + 3 * seconds), commands, seconds, atRest);
    }

    private static StampedeTurn turn(
            String contender, int round, StampedePart part, CommandCounts commands, int seconds, CommandCounts atRest) {
        return new StampedeTurn(
                contender,
                CREATOR_MILLIS,
                round,
                List.of(part),
                commands,
                TimeUnit.SECONDS.toNanos(seconds),
                (2 * KEYS + seconds) * MILLI,
                new StampedeRest(atRest, TimeUnit.SECONDS.toNanos(2), 6 * MILLI, 2 * MILLI),
                0.5,
                0,
                MachineShare.UNKNOWN);
    }

    private static StampedePart part(long beyondMillis, long cpuMillis) {
        long[] begun = new long[KEYS];
        Arrays.fill(begun, MILLI / 1_000);
        long[] answered = new long[KEYS];
        Arrays.fill(answered, (CREATOR_MILLIS + beyondMillis) * MILLI);
        return new StampedePart(KEYS, Map.of("netty", new Times(cpuMillis * MILLI, 0, 1)), begun, answered);
    }
}
