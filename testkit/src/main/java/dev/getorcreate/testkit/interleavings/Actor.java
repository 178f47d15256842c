package dev.getorcreate.testkit.interleavings;

import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/** One that takes steps: a caller, a connection on which something arrives, a clock, a fault. Each has a real thread. */
final class Actor {

    /** Guard: each thread sees its own. */
    private static final ThreadLocal<@Nullable Actor> CURRENT = new ThreadLocal<>();

    /** What an actor is for. */
    enum Role {
        /** The run is over only when it is done. */
        CALLER,
        /** Takes steps while there is something to do. */
        HELPER,
        /** One step, at any time. */
        FAULT,
        /** Has no thread: its steps are what happens when nobody can take one. */
        CLOCK
    }

    final Run run;
    final int number;
    final String name;
    final Proc proc;
    final Role role;

    // Guard of what follows: the baton.
    @Nullable
    String next;

    @Nullable
    BooleanSupplier enabled;

    /** What has to be written before it can go on, if that is known. */
    @Nullable
    String waitsFor;

    /** Until when it waits at most; else {@link Long#MAX_VALUE}. */
    long until = Long.MAX_VALUE;

    boolean done;
    /** Whether a look of its own into a local store may change what it finds. */
    boolean invalidates;

    int spawned;
    int objects;

    @Nullable
    Throwable thrown;

    /** Guard: volatile; set by whoever gives it the turn, cleared by itself. */
    private volatile boolean turn;

    private volatile @Nullable Thread thread;

    Actor(Run run, int number, String name, Proc proc, Role role) {
        this.run = run;
        this.number = number;
        this.name = name;
        this.proc = proc;
        this.role = role;
    }

    /** Null: this thread is no part of an exploration. */
    static @Nullable Actor current() {
        return CURRENT.get();
    }

    boolean isEnabled() {
        return !done && next != null && proc.runs() && (enabled == null || enabled.getAsBoolean());
    }

    /** On a worker: the whole life of the actor. */
    void live(Runnable body) {
        thread = Thread.currentThread();
        CURRENT.set(this);
        try {
            awaitTurn();
            body.run();
        } catch (Abandoned e) {
            // the run is over
        } catch (Throwable e) {
            thrown = e;
        } finally {
            CURRENT.remove();
            run.ended(this);
        }
    }

    void giveTurn() {
        turn = true;
        LockSupport.unpark(thread);
    }

    void awaitTurn() {
        int spins = 0;
        while (!turn) {
            Worker.pause(spins++);
        }
        turn = false;
        run.refuseIfAbandoned();
    }

    @Nullable
    Thread thread() {
        return thread;
    }

    @Override
    public String toString() {
        return name;
    }
}
