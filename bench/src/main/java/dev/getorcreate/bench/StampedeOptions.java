package dev.getorcreate.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * What the stampede is told.
 *
 * @param keys that count, a round
 * @param warmUp keys before those that count; fewer, and the compilers of all the processes, which share the processors
 *     with them, are what is measured
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
        List<String> left = new ArrayList<>(List.of(args));
        boolean quick = left.remove("--quick");
        List<String> contenders = List.of(
                value(left, "--contenders", String.join(",", Contender.NAMES)).split(","));
        if (!Contender.NAMES.containsAll(contenders)) {
            throw new IllegalArgumentException("--contenders takes some of " + Contender.NAMES);
        }
        List<Integer> millis = List.of(value(left, "--creator", "20").split(",")).stream()
                .map(Integer::valueOf)
                .toList();
        int processes = Integer.parseInt(value(left, "--processes", "4"));
        int threads = Integer.parseInt(value(left, "--threads", "16"));
        int keys = Integer.parseInt(value(left, "--keys", quick ? "15" : "40"));
        int warmUp = Integer.parseInt(value(left, "--warm-up", quick ? "50" : "200"));
        int rounds = Integer.parseInt(value(left, "--rounds", quick ? "2" : "5"));
        if (!left.isEmpty()) {
            throw new IllegalArgumentException("unknown: " + left + "; known are --quick, --contenders A,B, --creator"
                    + " MILLIS,MILLIS, --processes N, --threads N, --rounds N, --keys N, --warm-up N");
        }
        return new StampedeOptions(contenders, millis, processes, threads, rounds, keys, warmUp);
    }

    private static String value(List<String> args, String name, String otherwise) {
        int at = args.indexOf(name);
        if (at < 0) {
            return otherwise;
        }
        if (at + 1 == args.size()) {
            throw new IllegalArgumentException(name + " needs a value");
        }
        args.remove(at);
        return args.remove(at);
    }

    /** From one key to the next: long enough for a contender that lets its callers in one after the other. */
    long gapNanos(int creator) {
        return TimeUnit.MILLISECONDS.toNanos(150 + 2L * creator);
    }
}
