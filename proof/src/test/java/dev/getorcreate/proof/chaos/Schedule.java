package dev.getorcreate.proof.chaos;

import java.util.SplittableRandom;

/**
 * Who asks for which fresh key when: all follows from the seed, so every process works out its own part. Those who ask for
 * a key arrive within a few milliseconds, which is less than its creator takes.
 */
final class Schedule {

    static final int KEYS_PER_SECOND = 40;

    private static final long GAP = 1_000_000_000L / KEYS_PER_SECOND;
    private static final long WINDOW = 6_000_000L;
    private static final long LEAST_WORK = 3_000_000L;
    private static final long MOST_WORK = 30_000_000L;

    private final long seed;
    private final int processes;
    private final int threads;

    Schedule(long seed, int processes, int threads) {
        this.seed = seed;
        this.processes = processes;
        this.threads = threads;
    }

    /** How many keys are born in so many seconds. */
    static int keysIn(int seconds) {
        return seconds * KEYS_PER_SECOND;
    }

    /** Whether the thread is one of those who ask for the key when it is fresh: of two processes at least. */
    boolean asks(int key, int process, int thread) {
        SplittableRandom random = random(key, -1);
        int wanted = 2 + random.nextInt(processes - 1);
        int first = random.nextInt(processes);
        if (Math.floorMod(process - first, processes) >= wanted) {
            return false;
        }
        SplittableRandom own = random(key, process);
        int one = own.nextInt(threads);
        return thread == one || thread == own.nextInt(threads);
    }

    /** When the process asks, in nanoseconds after the start. */
    long arrival(int key, int process) {
        return key * GAP
                + random(key, -1).split().nextLong(GAP / 2)
                + random(key, process).split().nextLong(WINDOW);
    }

    /** How long the creator of this key takes, in nanoseconds. */
    long work(String key) {
        return LEAST_WORK + random(key.hashCode(), -2).nextLong(MOST_WORK - LEAST_WORK);
    }

    private SplittableRandom random(long a, long b) {
        // Two rounds, so that neighbouring numbers give streams that have nothing to do with each other.
        long mixed = new SplittableRandom(seed ^ (a * 0x9E3779B97F4A7C15L)).nextLong();
        return new SplittableRandom(mixed ^ (b * 0xC2B2AE3D27D4EB4FL));
    }
}
