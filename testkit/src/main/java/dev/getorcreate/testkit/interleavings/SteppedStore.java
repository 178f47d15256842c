package dev.getorcreate.testkit.interleavings;

import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * A store as Redis is one, for code that is to be explored: strings under keys, with or without an end of life, and each
 * command one atomic step. Outside of an exploration, in setup and check, its methods simply answer.
 */
public final class SteppedStore {

    private final String name;
    private final VirtualClock clock;
    /** Guard: the baton. */
    private final Map<String, Stored> data = new HashMap<>();

    private record Stored(String value, long end) {}

    SteppedStore(String name, VirtualClock clock) {
        this.name = name;
        this.clock = clock;
    }

    /** As GET; null: nothing is there. */
    public @Nullable String get(String key) {
        return Steps.reads(resource(key), says("get", key), () -> there(key));
    }

    /** As SET: for ever. */
    public void set(String key, String value) {
        write(says("set", key) + " = " + value, key, value, Long.MAX_VALUE);
    }

    /** As SET PX. */
    public void set(String key, String value, Duration life) {
        write(says("set", key) + " = " + value + " for " + inWords(life), key, value, end(life));
    }

    private void write(String label, String key, String value, long end) {
        step(label, key, () -> data.put(key, new Stored(value, end)));
    }

    /** As SET NX: whether nothing was there, and this was written. */
    public boolean setIfAbsent(String key, String value) {
        return writeIfAbsent(says("set if absent", key) + " = " + value, key, value, Long.MAX_VALUE);
    }

    /** As SET NX PX. */
    public boolean setIfAbsent(String key, String value, Duration life) {
        String label = says("set if absent", key) + " = " + value + " for " + inWords(life);
        return writeIfAbsent(label, key, value, end(life));
    }

    private boolean writeIfAbsent(String label, String key, String value, long end) {
        return Boolean.TRUE.equals(Steps.reads(resource(key), label, () -> {
            if (there(key) != null) {
                return false;
            }
            Steps.touches(resource(key), true);
            data.put(key, new Stored(value, end));
            return true;
        }));
    }

    /** As DEL. */
    public void delete(String key) {
        step(says("delete", key), key, () -> data.remove(key));
    }

    /** Compare and delete, as a script does: whether this value was there, and was deleted. */
    public boolean deleteIf(String key, String value) {
        return changeIf(says("delete", key) + " if it is " + value, key, value, () -> data.remove(key));
    }

    /** Compare and set, as a script does: whether the old value was there, and was replaced; its end of life stays. */
    public boolean replaceIf(String key, String old, String value) {
        String label = says("replace", key) + ": " + old + " by " + value;
        return changeIf(label, key, old, () -> replace(key, value));
    }

    private void replace(String key, String value) {
        Stored stored = data.get(key);
        data.put(key, new Stored(value, stored == null ? Long.MAX_VALUE : stored.end()));
    }

    private boolean changeIf(String label, String key, String value, Runnable change) {
        return Boolean.TRUE.equals(Steps.reads(resource(key), label, () -> {
            boolean same = Objects.equals(there(key), value);
            if (same) {
                Steps.touches(resource(key), true);
                change.run();
            }
            return same;
        }));
    }

    /** As INCR: the number after it. */
    public long increment(String key) {
        String counted = Steps.writes(resource(key), says("increment", key), () -> {
            String now = there(key);
            String next = Long.toString(now == null ? 1 : Long.parseLong(now) + 1);
            replace(key, next);
            return next;
        });
        return Long.parseLong(counted);
    }

    /** As PEXPIRE: whether something is there, which has this life from now on. */
    public boolean expire(String key, Duration life) {
        return Boolean.TRUE.equals(Steps.writes(resource(key), says("expire", key) + " in " + inWords(life), () -> {
            String now = there(key);
            if (now == null) {
                return false;
            }
            data.put(key, new Stored(now, end(life)));
            return true;
        }));
    }

    /** Whether what is there, if anything, will go away by itself. */
    public boolean expires(String key) {
        return Boolean.TRUE.equals(Steps.reads(resource(key), says("ttl", key), () -> {
            Stored stored = data.get(key);
            return stored == null || stored.end() != Long.MAX_VALUE;
        }));
    }

    /** Without a step. */
    boolean has(String key) {
        return there(key) != null;
    }

    /** For {@link Setup#mayExpire}. */
    void endLife(String key) {
        Steps.touches(resource(key), true);
        data.remove(key);
    }

    private void step(String label, String key, Runnable effect) {
        Steps.point(label);
        Steps.touches(resource(key), true);
        effect.run();
    }

    private @Nullable String there(String key) {
        Stored stored = data.get(key);
        return stored == null || clock.now() >= stored.end() ? null : stored.value();
    }

    private long end(Duration life) {
        return clock.now() + life.toNanos();
    }

    private static String inWords(Duration life) {
        return VirtualClock.inWords(life.toNanos());
    }

    private String resource(String key) {
        return name + " " + key;
    }

    private String says(String command, String key) {
        return name + " " + command + " " + key;
    }
}
