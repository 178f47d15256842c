package dev.getorcreate.testkit.interleavings;

import dev.getorcreate.spi.LocalTier;
import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.InMemoryRedis;
import java.time.Duration;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;

/** A process of the explored system: its callers share what is in its memory, and crash, freeze and keep time together. */
public final class SteppedProcess {

    private final Setup setup;
    private final Proc proc;
    private final SteppedTime time;

    SteppedProcess(Setup setup, Proc proc) {
        this.setup = setup;
        this.proc = proc;
        this.time = new SteppedTime(setup, proc);
    }

    /** Its name. */
    public String name() {
        return proc.name;
    }

    /** A caller in it. That it throws is a failure of the interleaving. */
    public void caller(String name, Callable<?> body) {
        setup.add(name, proc, body::call, false);
    }

    /** A caller in it that may throw; {@link Result#thrown} says what. */
    public void callerThatMayFail(String name, Callable<?> body) {
        setup.add(name, proc, body::call, true);
    }

    /** Its clock, on which each wait and each timer is a step. Time moves when nobody can do anything but wait. */
    public TimeSource time() {
        return time.ticking();
    }

    /** The same clock, on which no timer is set. */
    TimeSource clock() {
        return time;
    }

    /** Its client of the server, with a network between the two. */
    public SteppedSharedStore sharedStore(InMemoryRedis server, Duration maxStaleness) {
        SteppedSharedStore store = new SteppedSharedStore(setup, this, server, maxStaleness, Duration.ofMillis(250));
        setup.add(store);
        return store;
    }

    /** A real local tier, each access to which is a step. */
    public LocalTier local(LocalTier real) {
        return new SteppedLocal(real, proc);
    }

    /**
     * Whether who looks into the local store now may change what is found there without another step: a push, and an
     * invalidation by a caller that said so.
     */
    static boolean mayChangeWhatItSees() {
        Actor me = Actor.current();
        return me != null && (me.role == Actor.Role.HELPER || me.invalidates);
    }

    /** A caller in it that invalidates keys. */
    public void invalidator(String name, Callable<?> body) {
        caller(name, () -> {
            Actor me = Actor.current();
            if (me != null) {
                me.invalidates = true;
            }
            return body.call();
        });
    }

    /** Starts threads in it; each start is a step's effect, and where the thread goes on is up to the exploration. */
    public Executor executor() {
        return task -> {
            Actor me = Actor.current();
            if (me == null) {
                throw new IllegalStateException("threads are started by callers only");
            }
            String name = me.name + "/" + ++me.spawned;
            me.run.touch("start of " + name, true);
            me.run.start(name, proc, Actor.Role.CALLER, () -> {
                Steps.point("goes on");
                Steps.touches("start of " + name, false);
                task.run();
            });
        };
    }

    /** Something in it that acts when there is something to do, as a network's thread does. */
    public void helper(String name, Runnable forEver) {
        setup.helper(name, proc, forEver);
    }

    /** A fault: it ends as by {@code kill -9}. */
    public void mayCrash() {
        mayCrash(() -> {});
    }

    /** A fault: it ends as by {@code kill -9}; with what others see of that, such as its connections being closed. */
    public void mayCrash(Runnable seenByOthers) {
        setup.fault(proc.name + " dies", proc(" dies"), () -> {
            Steps.point("dies");
            Steps.touches("process " + proc.name, true);
            proc.crash();
            seenByOthers.run();
            return null;
        });
    }

    /** A fault: it stops, as by SIGSTOP, and goes on when all the others have come to their ends, or wait for it. */
    public void mayFreeze() {
        setup.fault(proc.name + " is frozen", proc(" is frozen"), () -> {
            Steps.point("is frozen");
            Steps.touches("process " + proc.name, true);
            proc.freeze(true);
            return null;
        });
    }

    private Proc proc(String what) {
        return new Proc(proc.name + what, setup.run().resources.number("process " + proc.name + what));
    }

    /** Whether it died in this interleaving. */
    public boolean hasCrashed() {
        return proc.hasCrashed();
    }

    Proc proc() {
        return proc;
    }
}
