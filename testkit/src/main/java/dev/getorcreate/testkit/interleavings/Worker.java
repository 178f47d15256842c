package dev.getorcreate.testkit.interleavings;

import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** A real thread, used again from run to run: an exploration starts thousands of callers. */
final class Worker extends Thread {

    /** How long to look for the baton before parking: it often comes back within microseconds. */
    private static final int SPINS = 20;

    /** Guard: volatile; set by whoever gives work, cleared by the worker. */
    private volatile @Nullable Runnable task;

    private volatile boolean ended;

    Worker(int number) {
        super("interleaving-" + number);
        setDaemon(true);
    }

    void give(Runnable work) {
        task = work;
        LockSupport.unpark(this);
    }

    boolean isBusy() {
        return task != null;
    }

    void end() {
        ended = true;
        LockSupport.unpark(this);
    }

    @Override
    public void run() {
        int spins = 0;
        while (!ended) {
            Runnable work = task;
            if (work != null) {
                work.run();
                var unused = Thread.interrupted();
                task = null;
                spins = 0;
            } else {
                pause(spins++);
            }
        }
    }

    /** One round of a loop that waits for another thread's volatile write, which unparks this one after it. */
    static void pause(int spins) {
        if (spins < SPINS) {
            Thread.onSpinWait();
        } else {
            LockSupport.park();
        }
    }
}
