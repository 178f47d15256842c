package dev.getorcreate.bench;

import java.util.Map;

/**
 * What a contender does while nothing is asked of it.
 *
 * @param nanos that it was left alone
 * @param cpuNanos processor time of its processes, but for their compilers: what these still do was begun by keys
 * @param redisNanos processor time of its server
 */
record StampedeRest(CommandCounts commands, long nanos, long cpuNanos, long redisNanos) {

    static StampedeRest of(CommandCounts commands, long nanos, Map<String, ThreadTimes.Times> byKind, long redisNanos) {
        long compilers = byKind.getOrDefault(ThreadTimes.COMPILERS, ThreadTimes.Times.NONE)
                .cpuNanos();
        return new StampedeRest(commands, nanos, ThreadTimes.sum(byKind).cpuNanos() - compilers, redisNanos);
    }

    /** How many times as long something else took. */
    double times(long others) {
        return (double) others / nanos;
    }
}
