package dev.getorcreate.testkit.interleavings;

import java.util.function.BooleanSupplier;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * What a wrapper of one's own is made of: each call of one of these is one step, before which any other caller may take
 * its own. Outside of an exploration, also in the setup and in the check, the action simply runs.
 *
 * <p>The code from one step to the next is taken as part of it. What it touches that other callers touch too must be said
 * ({@link #touches}), or orders that matter might be taken for the same.
 */
public final class Steps {

    private Steps() {}

    /** A step that looks at something and leaves it as it is. */
    public static <T extends @Nullable Object> T reads(String resource, String label, Supplier<T> action) {
        return take(resource, false, label, action);
    }

    /** A step that may change something. */
    public static <T extends @Nullable Object> T writes(String resource, String label, Supplier<T> action) {
        return take(resource, true, label, action);
    }

    private static <T extends @Nullable Object> T take(
            String resource, boolean written, String label, Supplier<T> action) {
        Actor me = Actor.current();
        if (me == null) {
            return action.get();
        }
        me.run.point(me, label, null, null, Long.MAX_VALUE);
        me.run.touch(resource, written);
        try {
            T answer = action.get();
            me.run.answer(String.valueOf(answer));
            return answer;
        } catch (RuntimeException e) {
            me.run.answer("throws " + e.getClass().getSimpleName());
            throw e;
        }
    }

    /** A step that can be taken only while the condition holds, which others make true by steps of the same resource. */
    public static void waits(String resource, String label, BooleanSupplier condition) {
        waits(resource, label, condition, Long.MAX_VALUE);
        touches(resource, false);
    }

    /** The step that is being taken touches this too. */
    public static void touches(String resource, boolean written) {
        Actor me = Actor.current();
        if (me != null) {
            me.run.touch(resource, written);
        }
    }

    /** What stands behind the step in a drawing. */
    static void answers(String answer) {
        Actor me = Actor.current();
        if (me != null) {
            me.run.answer(answer);
        }
    }

    /** Here another may go on first. */
    static void point(String label) {
        Actor me = Actor.current();
        if (me != null) {
            me.run.point(me, label, null, null, Long.MAX_VALUE);
        }
    }

    static void waits(String resource, String label, BooleanSupplier condition, long until) {
        Actor me = Actor.current();
        if (me != null) {
            me.run.point(me, label, resource, condition, until);
        }
    }
}
