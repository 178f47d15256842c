package dev.getorcreate.testkit;

import dev.getorcreate.spi.TimeSource;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * A server in memory that does to its clients what Redis does, as far as this library can see it: one command at a time,
 * keys that expire, and tracking in the default mode of RESP3. A read registers its key for the connection; the next write
 * of that key, by anybody, the connection itself included, pushes once and drops the registration. An expired key pushes
 * only when something touches it, unless {@link #expireActively} says otherwise: that is how the real one behaves when it
 * is busy.
 *
 * <p>Several {@link InMemorySharedStore}s on one of these are several processes.
 */
public final class InMemoryRedis {

    /** What a string is not. */
    private static final byte[] FOREIGN = {};

    private final TimeSource time;
    /** Guards everything below, and the order in which connections get what they get. */
    private final Object lock = new Object();

    private final Map<String, Stored> data = new HashMap<>();
    private final Map<String, Set<Wire>> tracked = new HashMap<>();
    private final Set<Wire> connected = new LinkedHashSet<>();
    /** Pushes to the connection whose command is running: the real one sends them after the command's reply. */
    private final List<Runnable> afterReply = new ArrayList<>();

    private @Nullable Wire running;
    private boolean expireActively;
    private long reads;
    private volatile Observer observer = new Observer() {};

    @SuppressWarnings("ArrayRecordComponent") // compared by nobody
    private record Stored(byte[] bytes, long expiresAt) {
        boolean isForeign() {
            return bytes == FOREIGN;
        }
    }

    /**
     * Sees what commands touch and what is sent to whom, for who explores orders. Called under the server's lock, on the
     * thread whose command runs: it must not block, nor call the server.
     */
    public interface Observer {

        /** A key was looked at, or written. */
        default void touched(String rawKey, boolean written) {}

        /** Every key was written, or may have been. */
        default void touchedAll() {}

        /** A command came from this process. */
        default void asked(InMemorySharedStore by) {}

        /** A reply or a push is on its way to this process. */
        default void sent(InMemorySharedStore to) {}

        /** A connection of this process was made or lost. */
        default void relinked(InMemorySharedStore process) {}
    }

    /** A command was asked of a key that holds no string. */
    static final class WrongType extends RuntimeException {
        private static final long serialVersionUID = 1L;
    }

    /** An empty server on the machine's clock. */
    public InMemoryRedis() {
        this(TimeSource.system());
    }

    /** An empty server on this clock. */
    public InMemoryRedis(TimeSource time) {
        this.time = time;
    }

    /** From now on this one sees everything. */
    public void observedBy(Observer everything) {
        observer = everything;
    }

    /** The clock that keys expire by. */
    public TimeSource time() {
        return time;
    }

    /** Whether keys written from now on are deleted, and pushed, right when they expire. */
    public void expireActively(boolean actively) {
        synchronized (lock) {
            expireActively = actively;
        }
    }

    /** Removes every key. Whoever tracks anything is told that everything may have changed. */
    public void flushAll() {
        execute(null, () -> {
            observer.touchedAll();
            data.clear();
            tracked.clear();
            connected.forEach(wire -> {
                wire.push(null);
                observer.sent(wire.owner());
            });
            return null;
        });
    }

    /**
     * Forgets every key and tells nobody, as a server does that took over without having heard of them. Its clients'
     * connections are theirs to lose: {@link WireFaults#loseConnection}.
     */
    public void forgetAll() {
        execute(null, () -> {
            observer.touchedAll();
            data.clear();
            tracked.clear();
            return null;
        });
    }

    /** The key's life ends now, before its time. As with any end of life, nothing is pushed until somebody touches it. */
    public void endLife(String cache, byte[] key) {
        execute(null, () -> {
            String rawKey = InMemoryFormat.rawKey(cache, key);
            observer.touched(rawKey, true);
            data.computeIfPresent(rawKey, (same, stored) -> new Stored(stored.bytes(), time.nanoTime()));
            return null;
        });
    }

    /** Writes bytes as a foreign client would. */
    public void put(String cache, byte[] key, byte[] bytes) {
        execute(null, () -> {
            write(InMemoryFormat.rawKey(cache, key), new Stored(bytes.clone(), Long.MAX_VALUE));
            return null;
        });
    }

    /** Writes something that is no string, as a foreign client would. */
    public void putForeignType(String cache, byte[] key) {
        execute(null, () -> {
            write(InMemoryFormat.rawKey(cache, key), new Stored(FOREIGN, Long.MAX_VALUE));
            return null;
        });
    }

    void connect(Wire wire) {
        synchronized (lock) {
            connected.add(wire);
            observer.relinked(wire.owner());
        }
    }

    void disconnect(Wire wire) {
        synchronized (lock) {
            connected.remove(wire);
            observer.relinked(wire.owner());
            tracked.values().forEach(wires -> wires.remove(wire));
        }
    }

    /**
     * Runs a command: its effect, its pushes and its reply are one step, and every connection gets its share in order.
     * What they get is processed after the step, on this thread or on the one that is just processing.
     */
    <T extends @Nullable Object> void run(Wire from, Supplier<T> command, Consumer<T> onReply) {
        synchronized (lock) {
            if (!connected.contains(from)) {
                return;
            }
            running = from;
            observer.asked(from.owner());
            try {
                T reply = command.get();
                observer.sent(from.owner());
                from.reply(() -> onReply.accept(reply));
            } finally {
                running = null;
                afterReply.forEach(Runnable::run);
                afterReply.clear();
            }
        }
        drainAll();
    }

    private void execute(@Nullable Wire from, Supplier<@Nullable Void> command) {
        synchronized (lock) {
            running = from;
            command.get();
        }
        drainAll();
    }

    private void drainAll() {
        List<Wire> all;
        synchronized (lock) {
            all = List.copyOf(connected);
        }
        all.forEach(Wire::drain);
    }

    // ---- what a command may do; only inside of run ----

    /** As GET: registers the key for the running connection. Throws {@link WrongType}. */
    byte @Nullable [] get(String key) {
        reads++;
        Stored stored = touch(key);
        Wire reader = running;
        if (reader != null) {
            tracked.computeIfAbsent(key, k -> new HashSet<>()).add(reader);
        }
        if (stored == null) {
            return null;
        }
        if (stored.isForeign()) {
            throw new WrongType();
        }
        return stored.bytes();
    }

    /** What stands there, without registering; null also for another type. */
    byte @Nullable [] peek(String key) {
        Stored stored = touch(key);
        return stored == null || stored.isForeign() ? null : stored.bytes();
    }

    /** Whether anything stands there. */
    boolean exists(String key) {
        return touch(key) != null;
    }

    /** As SET PX. */
    void set(String key, byte[] bytes, long lifeNanos) {
        write(key, new Stored(bytes, time.nanoTime() + lifeNanos));
        if (expireActively) {
            var unused = time.after(
                    lifeNanos + TimeUnit.MILLISECONDS.toNanos(1),
                    () -> execute(null, () -> {
                        touch(key);
                        return null;
                    }));
        }
    }

    /** As PEXPIRE, of a key that is there. */
    void expire(String key, long lifeNanos) {
        byte[] bytes = peek(key);
        if (bytes != null) {
            set(key, bytes, lifeNanos);
        }
    }

    /** As DEL. */
    void delete(String key) {
        if (touch(key) != null) {
            observer.touched(key, true);
            data.remove(key);
            pushTo(key);
        }
    }

    /** As a DEL of every key that passes. */
    void deleteIf(Predicate<String> doomed) {
        observer.touchedAll();
        List.copyOf(data.keySet()).stream().filter(doomed).forEach(this::delete);
    }

    /** As PTTL, in nanoseconds; negative if there is nothing. */
    long timeToLive(String key) {
        Stored stored = touch(key);
        return stored == null ? -1 : stored.expiresAt() - time.nanoTime();
    }

    private void write(String key, Stored stored) {
        observer.touched(key, true);
        data.put(key, stored);
        pushTo(key);
    }

    private @Nullable Stored touch(String key) {
        Stored stored = data.get(key);
        observer.touched(key, false);
        if (stored != null && time.nanoTime() >= stored.expiresAt()) {
            observer.touched(key, true);
            data.remove(key);
            pushTo(key);
            return null;
        }
        return stored;
    }

    private void pushTo(String key) {
        Set<Wire> told = tracked.remove(key);
        if (told != null) {
            for (Wire wire : told) {
                observer.sent(wire.owner());
                if (wire == running) {
                    afterReply.add(() -> wire.push(key));
                } else {
                    wire.push(key);
                }
            }
        }
    }

    /** How many GETs there were. */
    public long reads() {
        synchronized (lock) {
            return reads;
        }
    }

    /** The keys as they are, for a look from outside. */
    public Set<String> rawKeys() {
        synchronized (lock) {
            Set<String> keys = new LinkedHashSet<>(data.keySet());
            keys.removeIf(key -> touch(key) == null);
            return keys;
        }
    }

    static byte[] latin1(String text) {
        return text.getBytes(StandardCharsets.ISO_8859_1);
    }
}
