package dev.getorcreate.proof.chaos;

import dev.getorcreate.GetOrCreateCache;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/** One process's part of the load. */
interface Traffic {

    /** What one of the callers does. */
    interface Part {
        void of(int thread) throws InterruptedException;
    }

    static Traffic of(Job job, GetOrCreateCache<String, String> cache, Calls calls) throws IOException {
        return job.dense() ? new DenseTraffic(job, cache, calls) : new PacedTraffic(job, cache, calls);
    }

    /** The control, from then on. Blocks until it is over. */
    void playNaive(long start, Naive naive) throws InterruptedException;

    /** The load, from then on. Blocks until it is over. */
    void play(long start) throws InterruptedException;

    /** Keys once more, to see that nothing old has stayed anywhere: each that may have been changed. */
    void audit();

    /** Blocks until all have ended. */
    static void inParallel(int threads, Part part) throws InterruptedException {
        List<Thread> all = new ArrayList<>();
        for (int i = 0; i < threads; i++) {
            int number = i;
            Thread thread = new Thread(
                    () -> {
                        try {
                            part.of(number);
                        } catch (InterruptedException e) {
                            throw new IllegalStateException("nobody interrupts", e);
                        }
                    },
                    "caller-" + number);
            thread.setDaemon(true);
            thread.start();
            all.add(thread);
        }
        for (Thread thread : all) {
            thread.join();
        }
    }
}
