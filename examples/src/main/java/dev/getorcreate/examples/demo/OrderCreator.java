package dev.getorcreate.examples.demo;

import dev.getorcreate.Creator;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;

/** What makes a candidate, in all runs alike: about 4 ms, as a call to some other service takes. */
final class OrderCreator implements Creator<String, String> {

    static final long WORK = 4_000_000L;

    /** Longer than it takes to be killed; it ends only if nobody does. */
    private static final long HELD_WORK = 60_000_000_000L;

    private final Journal journal;
    private final int process;
    private final Consumer<String> inside;
    private final AtomicLong made = new AtomicLong();
    private final AtomicBoolean hold = new AtomicBoolean();

    /** @param inside told the key once, from inside the creator, after {@link #holdNext} */
    OrderCreator(Journal journal, int process, Consumer<String> inside) {
        this.journal = journal;
        this.process = process;
        this.inside = inside;
    }

    /** The next creation reports that it is inside, and goes on working until the process is killed. */
    void holdNext() {
        hold.set(true);
    }

    long runs() {
        return made.get();
    }

    @Override
    public String create(String key) {
        int number = Names.number(key);
        long from = System.nanoTime();
        String record = key + " made by process " + (process + 1) + ", its number " + made.incrementAndGet();
        long fingerprint = Names.fingerprint(record);
        journal.write(Event.Kind.CREATING, Event.YES, number, from, from, fingerprint);
        long work = WORK;
        if (number >= 0 && hold.compareAndSet(true, false)) {
            inside.accept(key);
            work = HELD_WORK;
        }
        for (long left = work; left > 0; left = from + work - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
        journal.write(Event.Kind.CREATE, Event.YES, number, from, System.nanoTime(), fingerprint);
        return record;
    }
}
