package dev.getorcreate.bench;

import java.util.concurrent.TimeUnit;

/**
 * What the processes of a stampede are told to ask for: one key after the other, all callers at the same moment. Moments
 * are on the clock that all processes of a machine share (System.nanoTime is CLOCK_MONOTONIC on Linux).
 *
 * @param threads in each process
 * @param start the first key's moment
 * @param gapNanos from one key to the next, at the least
 * @param end no key's moment is later
 * @param agreed whether the next key waits until all are answered, as it does where latencies count; a warm-up goes on
 *     at its pace
 */
record StampedeOrder(
        String prefix, int keys, int threads, int creatorMillis, long start, long gapNanos, long end, boolean agreed) {

    /** Who is not answered within that has failed. */
    static final long PATIENCE = TimeUnit.SECONDS.toNanos(60);

    /** When every process has said what it did, or something is wrong with it. */
    long answeredBy() {
        return end + PATIENCE + TimeUnit.SECONDS.toNanos(30);
    }

    String line() {
        return String.join(
                " ",
                prefix,
                "" + keys,
                "" + threads,
                "" + creatorMillis,
                "" + start,
                "" + gapNanos,
                "" + end,
                "" + agreed);
    }

    static StampedeOrder of(String line) {
        String[] parts = line.split(" ", -1);
        return new StampedeOrder(
                parts[0],
                Integer.parseInt(parts[1]),
                Integer.parseInt(parts[2]),
                Integer.parseInt(parts[3]),
                Long.parseLong(parts[4]),
                Long.parseLong(parts[5]),
                Long.parseLong(parts[6]),
                Boolean.parseBoolean(parts[7]));
    }
}
