package dev.getorcreate;

import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One caller's way through a miss, on its own thread: what it asks for, until when it may wait, and which call it is
 * nested in. By it a creator that asks for its own key is refused, and nested calls share one {@code waitTimeout}.
 */
final class Call implements AutoCloseable {

    /** Guard: each thread sees its own; set only while the thread is inside of a miss. */
    private static final ThreadLocal<@Nullable Call> INNERMOST = new ThreadLocal<>();

    /** Null: what is asked for from here on is no part of the calls around it. */
    private final @Nullable Engine<?, ?> cache;

    private final Object key;
    private final @Nullable Call outer;
    final long until;
    /** Guard: used by its thread only. What it has at its cache's arbiter. */
    private Bulkhead.@Nullable Place place;

    private Call(@Nullable Engine<?, ?> cache, Object key, long until, @Nullable Call outer) {
        this.cache = cache;
        this.key = key;
        this.outer = outer;
        this.until = until;
    }

    static Call enter(Engine<?, ?> cache, Object key, long until) {
        refuseRecursion(cache, key);
        return begin(cache, key, until);
    }

    /** Which creates nothing, so every key may be asked for from within, and it for every key. */
    static Call enterLook(Engine<?, ?> cache, long until) {
        return begin(cache, new Object(), until);
    }

    private static Call begin(Engine<?, ?> cache, Object key, long until) {
        Call call = new Call(cache, key, within(until), INNERMOST.get());
        INNERMOST.set(call);
        return call;
    }

    /** The given time, or that of the call which this thread is inside of, if that is earlier. */
    static long within(long until) {
        Call outer = INNERMOST.get();
        return outer == null ? until : Math.min(until, outer.until);
    }

    static void refuseRecursion(Engine<?, ?> cache, Object key) {
        for (Call call = INNERMOST.get(); call != null && call.cache != null; call = call.outer) {
            if (call.cache == cache && call.key.equals(key)) {
                throw new RecursiveCreationException(
                        "a creator of cache '" + cache.name()
                                + "' asked the same cache for the very key that it is creating; it would wait for itself",
                        null);
            }
        }
    }

    /** Whether this thread's call is part of another one of the same cache: of its creator. */
    static boolean isNestedIn(Bulkhead direct) {
        Call inner = INNERMOST.get();
        Call call = inner == null || inner.cache == null ? null : inner.outer;
        while (call != null && call.cache != null && call.cache.tiers().direct() != direct) {
            call = call.outer;
        }
        return call != null && call.cache != null;
    }

    /** That of this thread's innermost call there; null if none of its calls is there. */
    static Bulkhead.@Nullable Place placeAt(Bulkhead direct) {
        Call call = INNERMOST.get();
        while (call != null && (call.place == null || !call.place.isAt(direct))) {
            call = call.outer;
        }
        return call == null ? null : call.place;
    }

    /** Of this thread's call, which it is inside of. */
    static void setPlace(Bulkhead.@Nullable Place place) {
        Objects.requireNonNull(INNERMOST.get(), "a call").place = place;
    }

    /** Before this thread sleeps on what others do: lends all the places at arbiters that it has in its calls. */
    static Lent lendPlaces() {
        Lent lent = Lent.NOTHING;
        for (Call call = INNERMOST.get(); call != null; call = call.outer) {
            lent = call.place == null ? lent : lent.and(call.place);
        }
        return lent;
    }

    /**
     * Runs what others wait for, for instance their callbacks: on this thread, but no part of its calls, save that it lends
     * their places too. It may ask for the very key that this thread has just resolved; and this thread's interrupt is not
     * for it.
     */
    static void outside(Runnable task) {
        Call inner = INNERMOST.get();
        if (inner != null) {
            INNERMOST.set(new Call(null, task, Long.MAX_VALUE, inner));
        }
        boolean interrupted = Thread.interrupted();
        try {
            task.run();
        } finally {
            if (interrupted) {
                Thread.currentThread().interrupt();
            }
            if (inner != null) {
                INNERMOST.set(inner);
            }
        }
    }

    @Override
    public void close() {
        if (outer == null) {
            INNERMOST.remove();
        } else {
            INNERMOST.set(outer);
        }
    }
}
