package dev.getorcreate.testkit;

import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/** What a test can do to the connection of one {@link InMemorySharedStore}. All methods may be called at any time. */
public final class WireFaults {

    /** When a connection is lost, seen from the command that meets it. */
    public enum Loss {
        /** The command never reached the server. */
        BEFORE_EFFECT,
        /** The command was executed, and its reply was lost. */
        AFTER_EFFECT
    }

    private final InMemorySharedStore store;
    private final AtomicReference<@Nullable Loss> next = new AtomicReference<>();
    private final AtomicReference<@Nullable Runnable> beforeWake = new AtomicReference<>();
    private volatile boolean holds;
    private volatile boolean dropsPushes;
    private volatile boolean unreachable;

    WireFaults(InMemorySharedStore store) {
        this.store = store;
    }

    /** Replies and pushes towards this process stay on the way, in order, until {@link #release}. */
    public void hold() {
        holds = true;
    }

    /** What was held arrives, in order. */
    public void release() {
        holds = false;
        store.link().drain();
    }

    /** Whether something is held. */
    public boolean isArriving() {
        return store.link().isArriving();
    }

    /** The first of what is held arrives, on this thread; the rest stays held. */
    public void arriveOne() {
        store.link().arriveOne();
    }

    /** Whether pushes get lost from now on: a connection whose tracking does not work and does not say so. */
    public void dropPushes(boolean drop) {
        dropsPushes = drop;
    }

    /** The connection is lost now; the next command makes a new one. */
    public void loseConnection() {
        store.link().lose("the connection was lost");
    }

    /** The connection is lost at the next command. */
    public void loseAtNextCommand(Loss when) {
        next.set(when);
    }

    /** The server cannot be reached from this process; the connection is lost. */
    public void unreachable(boolean away) {
        unreachable = away;
        if (away) {
            store.link().lose("the server is out of reach");
        }
    }

    /**
     * Runs once on the next thread that asked: after its reply was processed, in order, and before the thread goes on with
     * the answer. That is where a change can be told that the thread does not know of.
     */
    public void beforeWake(Runnable once) {
        beforeWake.set(once);
    }

    InMemorySharedStore store() {
        return store;
    }

    boolean holds() {
        return holds;
    }

    boolean dropsPushes() {
        return dropsPushes;
    }

    boolean isUnreachable() {
        return unreachable;
    }

    @Nullable
    Loss takeLoss() {
        return next.getAndSet(null);
    }

    void wakes() {
        Runnable once = beforeWake.getAndSet(null);
        if (once != null) {
            once.run();
        }
    }
}
