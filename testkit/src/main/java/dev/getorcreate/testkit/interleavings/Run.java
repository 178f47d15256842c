package dev.getorcreate.testkit.interleavings;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * One interleaving: real threads of which exactly one goes on at a time, the one that holds the baton. At each step it
 * hands the baton to whomever the {@link Chooser} names, itself included; between steps nobody else moves.
 */
final class Run {

    /** In real time. Who holds the baton for longer waits for something that is no step. */
    private static final long PATIENCE_NANOS = 20_000_000_000L;

    /** How a run ended. */
    enum End {
        /** Every caller is done, or crashed. */
        DONE,
        /** Some caller waits for what nobody will do, however much time passes. */
        DEADLOCK,
        /** More steps than are allowed. */
        LIVELOCK,
        /** The rest has been seen in another order. */
        REDUNDANT
    }

    final Names resources;
    private final Names actorNumbers;
    private final Workers workers;
    private final Chooser chooser;
    private final int maxSteps;
    private final Thread explorer = Thread.currentThread();

    // Guard of what follows: the baton; the exploring thread has it before the start and after the end.
    final List<Actor> actors = new ArrayList<>();
    final List<Event> events = new ArrayList<>();
    final VirtualClock clock = new VirtualClock(this);
    private final Actor time;
    private int choices;
    private long enabledNow;
    private boolean starting = true;
    private int started;

    /** Guard: volatile; hands everything above back to the exploring thread. */
    private volatile boolean idle = true;

    private volatile @Nullable End end;
    private volatile @Nullable RuntimeException broken;
    private volatile boolean abandoned;

    Run(Names resources, Names actorNumbers, Workers workers, Chooser chooser, int maxSteps) {
        this.resources = resources;
        this.actorNumbers = actorNumbers;
        this.workers = workers;
        this.chooser = chooser;
        this.maxSteps = maxSteps;
        Proc world = new Proc("", resources.number("the world"));
        this.time = new Actor(this, actorNumbers.number("the clock"), "the clock", world, Actor.Role.CLOCK);
    }

    /** Gives it a thread. Before the first step all of them come to theirs, in this order, and nothing is a choice yet. */
    void start(String name, Proc proc, Actor.Role role, Runnable body) {
        Actor actor = new Actor(this, actorNumbers.number(name), name, proc, role);
        actors.add(actor);
        if (!starting) {
            actor.next = "starts";
        }
        workers.idle().give(() -> actor.live(body));
    }

    /** On the exploring thread: all the steps. */
    End play() {
        idle = false;
        startNext();
        awaitIdle();
        RuntimeException error = broken;
        if (error != null) {
            abandon();
            throw error;
        }
        End how = end;
        return how == null ? End.DEADLOCK : how;
    }

    private void awaitIdle() {
        long since = System.nanoTime();
        int seen = -1;
        int spins = 0;
        while (!idle) {
            if (spins++ < 20) {
                Thread.onSpinWait();
                continue;
            }
            LockSupport.parkNanos(PATIENCE_NANOS / 4);
            int now = events.size(); // a race, of which only the progress matters
            if (now != seen) {
                seen = now;
                since = System.nanoTime();
            } else if (!idle && System.nanoTime() - since > PATIENCE_NANOS) {
                throw stuck();
            }
        }
    }

    private IllegalStateException stuck() {
        IllegalStateException error = new IllegalStateException(
                "no step for " + PATIENCE_NANOS / 1_000_000_000 + " s: a caller waits for something that is no step,"
                        + " such as a lock of the JVM or a queue, and nobody else may move meanwhile. See the"
                        + " suppressed stacks");
        for (Actor actor : actors) {
            Thread thread = actor.thread();
            if (!actor.done && thread != null) {
                Throwable stack = new Throwable(actor.name);
                stack.setStackTrace(thread.getStackTrace());
                error.addSuppressed(stack);
            }
        }
        return error;
    }

    private void handBack() {
        idle = true;
        LockSupport.unpark(explorer);
    }

    /** A step begins here, when it is this actor's turn and what it waits for is there. */
    void point(Actor me, String label, @Nullable String waitsFor, @Nullable BooleanSupplier enabled, long until) {
        refuseIfAbandoned();
        me.next = label;
        me.waitsFor = waitsFor;
        me.enabled = enabled;
        me.until = until;
        Actor chosen = starting ? nextToStart() : pick();
        if (chosen != me) {
            handTo(chosen);
            me.awaitTurn();
        }
        begin(me, label);
    }

    private void startNext() {
        handTo(nextToStart());
    }

    /** Who has not come to its first step yet; when all have, whoever is chosen. Null: the run has ended. */
    private @Nullable Actor nextToStart() {
        if (started < actors.size()) {
            return actors.get(started++);
        }
        starting = false;
        return pick();
    }

    private void begin(Actor me, String label) {
        me.next = null;
        me.enabled = null;
        me.until = Long.MAX_VALUE;
        Event event = new Event(me, label, choices++, clock.now());
        event.enabled = enabledNow;
        event.touch(me.proc.resource, false);
        events.add(event);
    }

    /** On the actor's own thread, when it takes no more steps. */
    void ended(Actor me) {
        me.done = true;
        if (abandoned) {
            handBack();
            return;
        }
        handTo(starting ? nextToStart() : pick());
    }

    private void handTo(@Nullable Actor next) {
        if (next == null) {
            handBack();
        } else {
            next.giveTurn();
        }
    }

    /** Null: the run has ended. */
    private @Nullable Actor pick() {
        try {
            return next();
        } catch (RuntimeException e) { // no failure of whoever happens to hold the baton
            broken = e;
            return null;
        }
    }

    private @Nullable Actor next() {
        if (choices >= maxSteps) {
            end = End.LIVELOCK;
            return null;
        }
        List<Actor> enabled = enabled();
        while (enabled.isEmpty() && clock.somethingHappens()) {
            enabled = enabled();
        }
        if (enabled.isEmpty()) {
            end = isOver() ? End.DONE : End.DEADLOCK;
            return null;
        }
        enabledNow = Node.bits(enabled);
        Actor chosen = chooser.choose(enabled, events.isEmpty() ? null : events.get(events.size() - 1));
        if (chosen == null) {
            end = End.REDUNDANT;
        }
        return chosen;
    }

    private List<Actor> enabled() {
        List<Actor> enabled = new ArrayList<>(actors.size());
        for (Actor actor : actors) {
            if (actor.isEnabled()) {
                enabled.add(actor);
            }
        }
        return enabled;
    }

    private boolean isOver() {
        return actors.stream().allMatch(actor -> isDone(actor));
    }

    private static boolean isDone(Actor actor) {
        return actor.done || actor.role == Actor.Role.HELPER || actor.proc.hasCrashed();
    }

    /** Whether some caller could go on if time did. */
    boolean isWaitedFor() {
        return actors.stream().anyMatch(actor -> !isDone(actor) && actor.proc.runs());
    }

    void force(String label) {
        Event event = new Event(time, label, Event.FORCED, clock.now());
        events.add(event);
    }

    /** What the step that is being taken touches. */
    void touch(String resource, boolean written) {
        if (!starting && !events.isEmpty() && end == null) {
            events.get(events.size() - 1).touch(resources.number(resource), written);
        }
    }

    void answer(String answer) {
        if (!starting && !events.isEmpty()) {
            events.get(events.size() - 1).answer = answer;
        }
    }

    /** The steps that some still wanted to take at the end, as far as it is known what they would have touched. */
    List<Event> wanted() {
        List<Event> wanted = new ArrayList<>();
        for (Actor actor : actors) {
            String label = actor.next;
            if (!actor.done && label != null) {
                Event event = new Event(actor, label, events.size(), clock.now());
                event.touch(actor.proc.resource, false);
                String waitsFor = actor.waitsFor;
                if (waitsFor != null) {
                    event.touch(resources.number(waitsFor), true);
                }
                wanted.add(event);
            }
        }
        return wanted;
    }

    void refuseIfAbandoned() {
        if (abandoned) {
            throw new Abandoned();
        }
    }

    boolean isAbandoned() {
        return abandoned;
    }

    /** On the exploring thread: ends whoever still waits, one after the other. */
    void abandon() {
        abandoned = true;
        for (Actor actor : actors) {
            if (!actor.done) {
                idle = false;
                actor.giveTurn();
                awaitIdle();
            }
        }
    }
}
