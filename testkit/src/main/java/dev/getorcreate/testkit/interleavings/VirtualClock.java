package dev.getorcreate.testkit.interleavings;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The time of one run. It moves only when nobody can take a step and somebody waits, to the next moment that anybody waits
 * for: so time-outs come where they must, and in no other order. Guard of all: the baton.
 */
final class VirtualClock {

    private final Run run;
    private final List<Timer> timers = new ArrayList<>();
    private long now;
    private long numbers;

    record Timer(Proc proc, long due, long number, Runnable task, CompletableFuture<@Nullable Void> state) {}

    VirtualClock(Run run) {
        this.run = run;
    }

    long now() {
        return now;
    }

    void pass(long nanos) {
        now += nanos;
    }

    Timer after(Proc proc, long delayNanos, Runnable task) {
        long due = now + Math.max(0, delayNanos);
        Timer timer = new Timer(proc, due < now ? Long.MAX_VALUE : due, numbers++, task, new CompletableFuture<>());
        timers.add(timer);
        return timer;
    }

    /** The process' first timer that is due; null if there is none. */
    @Nullable
    Timer due(Proc proc) {
        Timer first = null;
        timers.removeIf(timer -> timer.state().isDone());
        for (Timer timer : timers) {
            if (timer.proc() == proc && timer.due() <= now && (first == null || timer.due() < first.due())) {
                first = timer;
            }
        }
        return first;
    }

    /** Moves time, or lets the frozen go on; false: nothing is left that could happen. */
    boolean somethingHappens() {
        return run.isWaitedFor() ? moves() || thaws() : thaws();
    }

    private boolean moves() {
        long next = Long.MAX_VALUE;
        for (Timer timer : timers) {
            if (!timer.state().isDone() && timer.proc().runs()) {
                next = Math.min(next, timer.due());
            }
        }
        for (Actor actor : run.actors) {
            if (!actor.done && actor.proc.runs()) {
                next = Math.min(next, actor.until);
            }
        }
        if (next == Long.MAX_VALUE || next <= now) {
            return false;
        }
        now = next;
        run.force("time is " + inWords(now));
        return true;
    }

    private boolean thaws() {
        boolean any = false;
        for (Actor actor : run.actors) {
            if (actor.proc.isFrozen()) {
                actor.proc.freeze(false);
                run.force(actor.proc.name + " goes on");
                any = true;
            }
        }
        return any;
    }

    static String inWords(long nanos) {
        long millis = nanos / 1_000_000;
        return millis % 1000 == 0 ? millis / 1000 + " s" : millis + " ms";
    }
}
