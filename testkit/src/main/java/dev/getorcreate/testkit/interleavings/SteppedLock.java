package dev.getorcreate.testkit.interleavings;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.Condition;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/** A lock of the JVM, as {@code synchronized} or a {@code ReentrantLock} is: to take it and to give it back are steps. */
final class SteppedLock implements Lock {

    private final String name;
    /** Guard: the baton. */
    private @Nullable Thread owner;

    private int depth;

    SteppedLock(String name) {
        this.name = name;
    }

    @Override
    public void lock() {
        Thread me = Thread.currentThread();
        Steps.waits(name, name + " lock", () -> owner == null || owner == me, Long.MAX_VALUE);
        Steps.touches(name, true);
        owner = me;
        depth++;
    }

    @Override
    public boolean tryLock() {
        Thread me = Thread.currentThread();
        Steps.point(name + " try lock");
        Steps.touches(name, true);
        boolean free = owner == null || owner == me;
        if (free) {
            owner = me;
            depth++;
        }
        Steps.answers(String.valueOf(free));
        return free;
    }

    @Override
    public void unlock() {
        Steps.point(name + " unlock");
        Steps.touches(name, true);
        if (owner != Thread.currentThread()) {
            throw new IllegalMonitorStateException(name + " is not held by this thread");
        }
        if (--depth == 0) {
            owner = null;
        }
    }

    @Override
    public void lockInterruptibly() {
        lock();
    }

    @Override
    public boolean tryLock(long time, TimeUnit unit) {
        throw new UnsupportedOperationException("a lock that is waited for with a time-out cannot be explored yet");
    }

    @Override
    public Condition newCondition() {
        throw new UnsupportedOperationException("conditions cannot be explored yet: use Steps.waits");
    }
}
