package dev.getorcreate.bench;

import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** Turns as they might have been measured: one process with one caller, ten keys in ten seconds, a creator of 20 ms. */
final class StampedeTurns {

    static final int KEYS = 10;
    static final int CREATOR_MILLIS = 20;

    private StampedeTurns() {}

    /** All keys take the same time beyond the creator. */
    static StampedeTurn turn(String contender, int round, long beyondMillis, long commandsPerKey) {
        return new StampedeTurn(
                contender,
                CREATOR_MILLIS,
                round,
                List.of(part(beyondMillis)),
                new CommandCounts(Map.of("get", commandsPerKey * KEYS)),
                TimeUnit.SECONDS.toNanos(10),
                new CommandCounts(Map.of()),
                TimeUnit.SECONDS.toNanos(2),
                0,
                1);
    }

    private static StampedePart part(long beyondMillis) {
        long[] begun = new long[KEYS];
        Arrays.fill(begun, 1);
        long[] answered = new long[KEYS];
        Arrays.fill(answered, TimeUnit.MILLISECONDS.toNanos(CREATOR_MILLIS + beyondMillis));
        return new StampedePart(KEYS, Map.of(), begun, answered);
    }
}
