package dev.getorcreate.testkit.interleavings;

import dev.getorcreate.spi.TimeSource;
import java.util.IdentityHashMap;
import java.util.concurrent.CompletableFuture;

/** The clock of one process in one run. */
final class SteppedTime implements TimeSource {

    private static final long EPOCH_MILLIS = 1_700_000_000_000L;

    private final Setup setup;
    private final Proc proc;
    /** Guard: the baton. Names that are the same in equivalent orders. */
    private final IdentityHashMap<CompletableFuture<?>, String> names = new IdentityHashMap<>();

    private boolean ticks;

    SteppedTime(Setup setup, Proc proc) {
        this.setup = setup;
        this.proc = proc;
    }

    @Override
    public long nanoTime() {
        return setup.run().clock.now();
    }

    @Override
    public long epochMillis() {
        return EPOCH_MILLIS + nanoTime() / 1_000_000;
    }

    @Override
    public boolean await(CompletableFuture<?> future, long until) throws InterruptedException {
        Actor me = Actor.current();
        if (me == null) {
            return future.isDone();
        }
        String name = watch(future);
        Thread thread = Thread.currentThread();
        Steps.waits(
                name,
                "goes on",
                () -> future.isDone() || nanoTime() >= until || thread.isInterrupted(),
                Math.max(until, 0));
        Steps.touches(name, false);
        if (Thread.interrupted()) {
            throw new InterruptedException();
        }
        return future.isDone();
    }

    /** From now on its completion is seen as a write by whoever completes it. */
    @SuppressWarnings("CollectionUndefinedEquality") // identity is meant
    String watch(CompletableFuture<?> future) {
        String known = names.get(future);
        if (known != null) {
            return known;
        }
        Actor me = Actor.current();
        String name = me == null ? "future of the setup " + names.size() : "future " + me.name + " " + ++me.objects;
        names.put(future, name);
        var unused = future.whenComplete((value, error) -> Steps.touches(name, true));
        return name;
    }

    @Override
    public CompletableFuture<?> after(long delayNanos, Runnable task) {
        VirtualClock.Timer timer = setup.run().clock.after(proc, delayNanos, task);
        var unused = watch(timer.state());
        return timer.state();
    }

    /** A timer that is set by a caller needs somebody to ring it, who must be there from the start. */
    SteppedTime ticking() {
        if (!ticks) {
            ticks = true;
            setup.helper(proc.name + "'s timer", proc, this::tick);
        }
        return this;
    }

    @SuppressWarnings("InfiniteLoopStatement") // ended by the end of the run
    private void tick() {
        while (true) {
            Steps.waits(
                    "process timers of " + proc.name,
                    "a timer is due",
                    () -> setup.run().clock.due(proc) != null,
                    Long.MAX_VALUE);
            VirtualClock.Timer timer = setup.run().clock.due(proc);
            if (timer != null) {
                Steps.touches(watch(timer.state()), true);
                if (timer.state().complete(null)) {
                    timer.task().run();
                }
            }
        }
    }
}
