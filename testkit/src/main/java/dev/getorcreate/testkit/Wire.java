package dev.getorcreate.testkit;

import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * What the server sends to one connection: replies and pushes in one order. It is processed one at a time, by whichever
 * thread comes by, as a network thread would; who processes must not wait for anything that comes over the same wire.
 */
final class Wire {

    /** Who listens at the client's end. */
    interface Listener {
        /** A key changed; null: everything may have. */
        void pushed(@Nullable String key);
    }

    private final Queue<Runnable> arriving = new ConcurrentLinkedQueue<>();
    /** Guard of the processing: who raises it from 0 processes. */
    private final AtomicInteger wanted = new AtomicInteger();

    private final Listener listener;
    private final WireFaults faults;
    private volatile boolean cut;

    Wire(Listener listener, WireFaults faults) {
        this.listener = listener;
        this.faults = faults;
    }

    InMemorySharedStore owner() {
        return faults.store();
    }

    boolean isArriving() {
        return !cut && !arriving.isEmpty();
    }

    /** What comes next arrives, even if everything is held. */
    void arriveOne() {
        Runnable next = cut ? null : arriving.poll();
        if (next != null) {
            next.run();
        }
    }

    /** Under the server's lock. */
    void reply(Runnable processing) {
        arriving.add(processing);
    }

    /** Under the server's lock. */
    void push(@Nullable String key) {
        if (!faults.dropsPushes()) {
            arriving.add(() -> listener.pushed(key));
        }
    }

    /** Nothing that is still on its way arrives. */
    void cut() {
        cut = true;
        arriving.clear();
    }

    boolean isCut() {
        return cut;
    }

    void drain() {
        if (wanted.getAndIncrement() != 0) {
            return;
        }
        int seen = 1;
        do {
            Runnable next;
            while (!faults.holds() && !cut && (next = arriving.poll()) != null) {
                next.run();
            }
            seen = wanted.addAndGet(-seen);
        } while (seen != 0);
    }
}
