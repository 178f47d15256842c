package dev.getorcreate.bench;

import java.time.Duration;
import java.util.List;

/**
 * What mixed traffic is told.
 *
 * @param turn how long one is
 * @param minutes that this library goes on alone; 0: it does not
 */
record MixedOptions(
        List<String> contenders,
        int processes,
        int threads,
        int keys,
        Duration timeToLive,
        int rounds,
        Duration turn,
        int minutes) {

    private static final List<String> CONTENDERS = List.of(
            Mixed.OURS, "redissonLock", "redissonLockBehindCaffeine", "springSync", "jetCache", "caffeineAlone");

    static MixedOptions of(String[] args) {
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        MixedOptions options = new MixedOptions(
                given.some("--contenders", CONTENDERS),
                given.count("--processes", 2),
                given.count("--threads", 8),
                given.count("--keys", 20_000),
                Duration.ofSeconds(given.count("--time-to-live", 10)),
                given.count("--rounds", quick ? 2 : 5),
                Duration.ofSeconds(given.count("--seconds", quick ? 5 : 15)),
                given.number("--minutes", quick ? 1 : 10));
        given.end();
        return options;
    }
}
