package dev.getorcreate.proof.chaos;

import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Invalidation;
import dev.getorcreate.Outcome;
import java.sql.SQLException;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.LockSupport;

/** Calls the cache, and writes down each call and what it did. */
final class Calls {

    private final Job job;
    private final HistoryWriter history;
    private final Records records;
    private final Schedule schedule;
    private final AtomicLong lastCall = new AtomicLong();
    private final AtomicLong lastIdentity = new AtomicLong();
    /** Creators and arbiters run on their caller's thread. */
    private final ThreadLocal<Long> call = ThreadLocal.withInitial(() -> 0L);

    Calls(Job job, HistoryWriter history, Records records) {
        this.job = job;
        this.history = history;
        this.records = records;
        this.schedule = job.schedule();
    }

    /** Of the call that this thread is in. What belongs to no call is none of the run's. */
    void write(Event.Kind kind, String key, Object detail) {
        if (call.get() > 0) {
            history.write(kind, call.get(), key, detail);
        }
    }

    private void call(Event.Op op, String key, Runnable what) {
        call.set(lastCall.incrementAndGet());
        write(Event.Kind.CALL, key, op);
        try {
            what.run();
        } catch (RuntimeException e) {
            write(Event.Kind.ERROR, key, text(e));
        } finally {
            call.remove();
        }
    }

    private static String text(Throwable error) {
        StringBuilder text = new StringBuilder();
        for (Throwable each = error; each != null; each = each.getCause()) {
            text.append(text.isEmpty() ? "" : " <- ").append(each);
        }
        return text.toString();
    }

    void obtain(GetOrCreateCache<String, String> cache, String key) {
        call(Event.Op.OBTAIN, key, () -> {
            Outcome<String> outcome = cache.obtain(key, this::create);
            write(Event.Kind.ANSWER, key, outcome.source() + " " + outcome.value());
        });
    }

    void find(GetOrCreateCache<String, String> cache, String key) {
        call(Event.Op.FIND, key, () -> {
            Optional<String> found = cache.find(key);
            found.ifPresentOrElse(
                    value -> write(Event.Kind.ANSWER, key, "FIND " + value), () -> write(Event.Kind.EMPTY, key, ""));
        });
    }

    /** As users are told to: change the row, commit, invalidate. */
    void change(GetOrCreateCache<String, String> cache, String key) {
        call(Event.Op.CHANGE, key, () -> {
            write(Event.Kind.CHANGING, key, "");
            Value changed;
            try {
                changed = records.change(key);
            } catch (SQLException e) {
                throw new IllegalStateException(e);
            }
            if (changed == null) {
                write(Event.Kind.EMPTY, key, "");
                return;
            }
            write(Event.Kind.COMMITTED, key, changed);
            write(Event.Kind.INVALIDATING, key, "");
            Invalidation result = cache.invalidate(key);
            write(Event.Kind.INVALIDATED, key, result);
        });
    }

    private String create(String key) throws SQLException {
        String identity = newIdentity();
        write(Event.Kind.CREATING, key, identity);
        Value made;
        if (job.arbiter()) {
            work(key);
            made = Value.first(key, identity);
        } else {
            made = findOrInsert(key, identity);
        }
        write(Event.Kind.CREATED, key, identity);
        return made.toString();
    }

    /** Nothing but the claim keeps two of these apart. */
    private Value findOrInsert(String key, String identity) throws SQLException {
        Value there = records.find(key);
        write(Event.Kind.READ, key, there == null ? "-" : there);
        if (there != null) {
            return there;
        }
        work(key);
        write(Event.Kind.INSERTING, key, identity);
        Value row = records.insert(key, identity);
        write(Event.Kind.INSERTED, key, "CREATED " + row);
        return row;
    }

    /** What nobody else ever makes. */
    String newIdentity() {
        return job.process() + "." + job.life() + "." + lastIdentity.incrementAndGet();
    }

    void work(String key) {
        long until = System.nanoTime() + (job.dense() ? DenseTraffic.WORK : schedule.work(key));
        for (long left = until - System.nanoTime(); left > 0; left = until - System.nanoTime()) {
            LockSupport.parkNanos(left);
        }
    }

    static String identityOf(String value) {
        Value parsed = Value.parse(value);
        if (parsed == null) {
            throw new IllegalStateException("no value of ours: " + value);
        }
        return parsed.identity();
    }
}
