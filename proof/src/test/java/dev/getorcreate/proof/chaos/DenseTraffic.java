package dev.getorcreate.proof.chaos;

import dev.getorcreate.GetOrCreateCache;
import java.io.IOException;
import java.util.Arrays;
import java.util.SplittableRandom;
import java.util.function.Consumer;

/** One contested key after the other, without a pause, and creators that take no time; some reads and changes between. */
final class DenseTraffic implements Traffic {

    /** What a creator takes, in nanoseconds: a blink, in which others who are under way can arrive. */
    static final long WORK = 500_000L;

    private static final int HOT_KEYS = 8;

    /** One key of so many is read and changed later on; the others are over when they have been created. */
    private static final int CHANGED = 64;

    /** A key is read and changed only when its lane is so much further, so that its creation is left alone. */
    private static final int GROWN_UP = 48;

    /** A caller does something else after one of so many keys. */
    private static final int ELSE = 24;

    private static final long ROUND = 1_000_000_000L;

    private final Job job;
    private final GetOrCreateCache<String, String> cache;
    private final Calls calls;
    private final Lanes naiveLanes;
    private final Lanes lanes;

    DenseTraffic(Job job, GetOrCreateCache<String, String> cache, Calls calls) throws IOException {
        this.job = job;
        this.cache = cache;
        this.calls = calls;
        this.naiveLanes = Lanes.in(job.folder(), "naive." + Lanes.FILE, job);
        this.lanes = Lanes.in(job.folder(), Lanes.FILE, job);
    }

    @Override
    public void playNaive(long start, Naive naive) throws InterruptedException {
        Traffic.inParallel(
                job.threads(),
                thread -> walk(
                        naiveLanes, thread, start, job.naiveSeconds(), key -> naive.getOrCreate("n" + key), () -> {}));
    }

    @Override
    public void play(long start) throws InterruptedException {
        Traffic.inParallel(job.threads(), thread -> {
            SplittableRandom random = new SplittableRandom(
                    job.seed() + job.process() * 1_000_003L + job.life() * 10_007L + thread * 101L);
            walk(lanes, thread, start, job.seconds(), key -> calls.obtain(cache, "k" + key), () -> {
                if (random.nextInt(ELSE) == 0) {
                    somethingElse(random);
                }
            });
        });
    }

    private void walk(Lanes along, int thread, long start, int seconds, Consumer<String> fresh, Runnable afterEach)
            throws InterruptedException {
        long[] last = new long[along.count()];
        Arrays.fill(last, 0);
        Faults.pause(start - System.nanoTime());
        long round = -1;
        int lane = 0;
        for (long past = System.nanoTime() - start; past < seconds * 1_000_000_000L; past = System.nanoTime() - start) {
            if (past / ROUND != round) {
                round = past / ROUND;
                lane = along.of(job.process(), thread, round);
            }
            last[lane] = along.after(lane, last[lane]);
            fresh.accept(lane + "." + last[lane]);
            afterEach.run();
        }
    }

    private void somethingElse(SplittableRandom random) {
        int lane = random.nextInt(lanes.count());
        long newest = (lanes.reached(lane) - GROWN_UP) / CHANGED;
        String key = newest < 1 || random.nextInt(2) == 0
                ? "hot" + random.nextInt(HOT_KEYS)
                : "k" + lane + "." + CHANGED * random.nextLong(Math.max(1, newest - 8), newest + 1);
        int what = random.nextInt(100);
        if (what < 10) {
            calls.change(cache, key);
        } else if (what < 25) {
            calls.find(cache, key);
        } else {
            calls.obtain(cache, key);
        }
    }

    @Override
    public void audit() {
        for (int hot = 0; hot < HOT_KEYS; hot++) {
            calls.obtain(cache, "hot" + hot);
        }
        for (int lane = 0; lane < lanes.count(); lane++) {
            for (long key = CHANGED; key <= lanes.reached(lane); key += CHANGED) {
                calls.obtain(cache, "k" + lane + "." + key);
            }
        }
    }
}
