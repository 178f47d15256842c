package dev.getorcreate.bench;

import java.util.List;
import java.util.stream.Stream;

/**
 * What the growth is told.
 *
 * @param steps so many processes of 16 threads each, and four processes of so many threads
 */
record GrowthOptions(List<String> contenders, int rounds, List<StampedeOptions> steps) {

    static final int CREATOR_MILLIS = 20;

    /** Of the steps that have more and more threads. */
    static final int PROCESSES = 4;
    /** Of the steps that have more and more processes. */
    static final int THREADS = 16;

    private static final String CONTENDERS = StampedeFigures.OURS + ",redissonLock,caffeineAlone";

    static GrowthOptions of(String[] args) {
        Arguments given = new Arguments(args);
        boolean quick = given.flag("--quick");
        List<Integer> processes = given.counts("--processes", "1,2,4,8");
        List<Integer> threads = given.counts("--threads", quick ? "1,16,256" : "1,4,16,64,256");
        int rounds = given.count("--rounds", quick ? 1 : 3);
        List<String> contenders = given.some("--contenders", Contender.NAMES, CONTENDERS);
        given.end();
        // Both ways lead through 4 x 16.
        List<StampedeOptions> steps = Stream.concat(
                        processes.stream().map(count -> step(contenders, count, THREADS, rounds, quick)),
                        threads.stream().map(count -> step(contenders, PROCESSES, count, rounds, quick)))
                .distinct()
                .toList();
        return new GrowthOptions(contenders, rounds, steps);
    }

    private static StampedeOptions step(
            List<String> contenders, int processes, int threads, int rounds, boolean quick) {
        return new StampedeOptions(
                contenders,
                List.of(CREATOR_MILLIS),
                processes,
                threads,
                rounds,
                Math.max(8, (quick ? 10 : 30) * 64 / Math.max(64, processes * threads)),
                quick ? 3 : 15);
    }
}
