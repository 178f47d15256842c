package dev.getorcreate.proof.chaos;

import dev.getorcreate.GetOrCreateCache;
import java.util.SplittableRandom;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** Calls at moments that the schedule draws, with creators that take their time, and reads between. */
final class PacedTraffic implements Traffic {

    private static final int HOT_KEYS = 8;
    private static final long LEAST_PAUSE = 4_000_000L;
    private static final long MOST_PAUSE = 25_000_000L;

    /** A key is read in the background only this long after it was to be created, so that its creation is left alone. */
    private static final int GROWN_UP = Schedule.KEYS_PER_SECOND / 2;

    private static final int RECENT = 3 * Schedule.KEYS_PER_SECOND;

    private final Job job;
    private final Schedule schedule;
    private final GetOrCreateCache<String, String> cache;
    private final Calls calls;

    PacedTraffic(Job job, GetOrCreateCache<String, String> cache, Calls calls) {
        this.job = job;
        this.schedule = job.schedule();
        this.cache = cache;
        this.calls = calls;
    }

    @Override
    public void playNaive(long start, Naive naive) throws InterruptedException {
        Traffic.inParallel(
                job.threads(),
                thread -> freshKeys(thread, start, job.naiveSeconds(), key -> naive.getOrCreate("n" + key), () -> {}));
    }

    @Override
    public void play(long start) throws InterruptedException {
        Traffic.inParallel(job.threads(), thread -> {
            SplittableRandom random = new SplittableRandom(
                    job.seed() + job.process() * 1_000_003L + job.life() * 10_007L + thread * 101L);
            freshKeys(
                    thread,
                    start,
                    job.seconds(),
                    key -> calls.obtain(cache, "k" + key),
                    () -> background(random, start));
        });
    }

    @Override
    public void audit() {
        for (int hot = 0; hot < HOT_KEYS; hot++) {
            calls.obtain(cache, "hot" + hot);
        }
        for (int key = 0; key < Schedule.keysIn(job.seconds()); key++) {
            calls.obtain(cache, "k" + key);
        }
    }

    private void freshKeys(int thread, long start, int seconds, Consumer<Integer> fresh, Runnable background) {
        int keys = Schedule.keysIn(seconds);
        long end = start + seconds * 1_000_000_000L;
        // One that takes the place of a killed process leaves what is past alone.
        long past = System.nanoTime() - start;
        for (int key = 0; key < keys && System.nanoTime() - end < 0; key++) {
            long arrival = schedule.arrival(key, job.process());
            if (arrival < past || !schedule.asks(key, job.process(), thread)) {
                continue;
            }
            awaitBusily(start + arrival, start, background);
            fresh.accept(key);
        }
    }

    private static void awaitBusily(long moment, long start, Runnable background) {
        SplittableRandom random = new SplittableRandom(moment);
        while (true) {
            long now = System.nanoTime();
            long left = moment - now;
            if (left <= 0) {
                return;
            }
            if (left > MOST_PAUSE && now - start > 0) {
                background.run();
                left = Math.min(moment - System.nanoTime(), random.nextLong(LEAST_PAUSE, MOST_PAUSE));
            }
            if (left > 0) {
                LockSupport.parkNanos(left);
            }
        }
    }

    private void background(SplittableRandom random, long start) {
        int grown = (int) ((System.nanoTime() - start) / 1_000_000_000.0 * Schedule.KEYS_PER_SECOND) - GROWN_UP;
        String key;
        if (grown < 1 || random.nextInt(2) == 0) {
            key = "hot" + random.nextInt(HOT_KEYS);
        } else {
            int youngest = Math.min(grown, Schedule.keysIn(job.seconds()));
            int oldest = random.nextInt(3) == 0 ? 0 : Math.max(0, youngest - RECENT);
            key = "k" + random.nextInt(oldest, youngest);
        }
        int what = random.nextInt(100);
        if (what < 4) {
            calls.change(cache, key);
        } else if (what < 14) {
            calls.find(cache, key);
        } else {
            calls.obtain(cache, key);
        }
    }
}
