package dev.getorcreate.bench;

import java.time.Duration;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the stampede is told.
 *
 * @param keys that count, a round
 * @param warmUp seconds of it, once for each contender; fewer, and the compilers of all the processes, which share the
 *     processors with them, are what is measured
 */
record StampedeOptions(
        List<String> contenders,
        List<Integer> creatorMillis,
        int processes,
        int threads,
        int rounds,
        int keys,
        int warmUp) {

    static StampedeOptions of(String[] args) {
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        StampedeOptions options = new StampedeOptions(
                given.some("--contenders", Contender.NAMES),
                given.numbers("--creator", quick ? "20" : "0,20,200"),
                given.count("--processes", 4),
                given.count("--threads", 16),
                given.count("--rounds", quick ? 2 : 5),
                given.count("--keys", quick ? 15 : 40),
                given.count("--warm-up", quick ? 5 : 60));
        given.end();
        return options;
    }

    /** About how long it takes, where no key is put off. */
    Duration about() {
        long start = TimeUnit.SECONDS.toNanos(2L * warmUp + processes);
        long turns = creatorMillis.stream()
                .mapToLong(creator -> Stampede.TURN_BESIDES_KEYS + (Stampede.OTHER_KEYS + keys) * gapNanos(creator))
                .sum();
        return Duration.ofNanos(contenders().size() * (start + rounds * turns));
    }

    /** From one key to the next, at the least: long enough for most that let their callers in one after the other. */
    long gapNanos(int creator) {
        long crowd = Math.max(0, processes * threads - 64);
        return TimeUnit.MILLISECONDS.toNanos(150 + 2L * creator + 3 * crowd);
    }
}
