package dev.getorcreate.testkit.interleavings;

import java.util.Objects;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Goes through the orders in which callers can take their steps, on the real code and real threads, and shows the one that
 * must not be.
 *
 * <pre>{@code
 * Interleavings.of(setup -> {
 *     SteppedStore redis = setup.store("redis");
 *     SteppedTable users = setup.table("users");
 *     setup.caller("A", () -> getOrCreate(redis, users, "ann"));
 *     setup.caller("B", () -> getOrCreate(redis, users, "ann"));
 * }).check(result -> assertEquals(result.answer("A"), result.answer("B")));
 * }</pre>
 *
 * <p>The scenario is run anew for each interleaving. Only calls of what {@link Setup} gives, and of wrappers made of
 * {@link Steps}, are steps; code between them is never interrupted. Immutable; blocks while it explores.
 */
public final class Interleavings {

    /** The system property that holds a replay string: every exploration then runs that interleaving only. */
    public static final String REPLAY = "interleavings.replay";

    private final Consumer<Setup> scenario;
    private final Bounds bounds;

    /** What is gone through. */
    record Bounds(boolean reduced, int preemptions, int faults, int steps, long runs) {
        static final Bounds DEFAULT = new Bounds(true, Search.NO_BOUND, 1, 2_000, Long.MAX_VALUE);
    }

    private Interleavings(Consumer<Setup> scenario, Bounds bounds) {
        this.scenario = scenario;
        this.bounds = bounds;
    }

    /** Everything that may happen in this scenario, with at most one of its faults. */
    public static Interleavings of(Consumer<Setup> scenario) {
        return new Interleavings(Objects.requireNonNull(scenario, "scenario"), Bounds.DEFAULT);
    }

    /** At most so many of the scenario's faults in one interleaving. Default 1. */
    public Interleavings faults(int most) {
        return with(new Bounds(bounds.reduced, bounds.preemptions, most, bounds.steps, bounds.runs));
    }

    /**
     * Only orders in which a process that could go on is interrupted at most so often, where all of them are too many.
     * Most bugs need one or two (Musuvathi and Qadeer, PLDI'07).
     */
    public Interleavings preemptions(int most) {
        return with(new Bounds(bounds.reduced, most, bounds.faults, bounds.steps, bounds.runs));
    }

    /** Also orders that cannot differ in what they come to. For counting, and for who does not trust the reduction. */
    public Interleavings everyOrder() {
        return with(new Bounds(false, bounds.preemptions, bounds.faults, bounds.steps, bounds.runs));
    }

    /** An interleaving with more steps than this is taken for one that never ends. Default 2000. */
    public Interleavings steps(int most) {
        return with(new Bounds(bounds.reduced, bounds.preemptions, bounds.faults, most, bounds.runs));
    }

    /** Stops after so many interleavings, and says so. */
    public Interleavings atMost(long runs) {
        return with(new Bounds(bounds.reduced, bounds.preemptions, bounds.faults, bounds.steps, runs));
    }

    private Interleavings with(Bounds others) {
        return new Interleavings(scenario, others);
    }

    /**
     * Goes through all, and stops at the first that fails.
     *
     * @throws AssertionError if one fails: with the drawing of it, and the replay string
     */
    public Report check(Check check) {
        String replay = System.getProperty(REPLAY);
        Report report = replay == null ? explore(check, true) : replay(replay, check);
        report.failure().ifPresent(failure -> {
            throw failed(failure);
        });
        return report;
    }

    /** Goes through all, counts those that fail, and throws nothing for them. */
    public Report explore(Check check) {
        return explore(check, false);
    }

    private Report explore(Check check, boolean stopAtFirst) {
        try (Exploration exploration = new Exploration(scenario, check, bounds)) {
            return exploration.explore(stopAtFirst);
        }
    }

    /**
     * Runs the one interleaving that the string stands for, under a debugger too: with the order fixed, the window does
     * not close while one looks at it.
     *
     * @throws IllegalStateException if the scenario has changed since, so that the string does not fit
     */
    public Report replay(String replay, Check check) {
        try (Exploration exploration = new Exploration(scenario, check, bounds)) {
            return exploration.replay(new Replay(replay));
        }
    }

    /** Draws the interleaving that the string stands for, whether it fails or not; the empty string: all in order. */
    public Drawing draw(String replay) {
        try (Exploration exploration = new Exploration(scenario, result -> {}, bounds)) {
            return exploration.draw(new Replay(replay));
        }
    }

    private static AssertionError failed(Counterexample failure) {
        @Nullable String name = System.lineSeparator();
        return new AssertionError(failure.why() + name + name
                + failure.drawing().text() + name + "To run just this again: -D" + REPLAY + "=" + failure.replay());
    }
}
