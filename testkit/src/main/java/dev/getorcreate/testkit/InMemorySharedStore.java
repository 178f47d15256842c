package dev.getorcreate.testkit;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.SharedStore;
import dev.getorcreate.spi.TimeSource;
import java.time.Duration;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One process's client of an {@link InMemoryRedis}: the twin of the real shared store, for tests that own time, order and
 * faults. It passes the same contract.
 */
public final class InMemorySharedStore implements SharedStore, AutoCloseable {

    private final InMemoryRedis server;
    private final TimeSource time;
    private final Duration maxStaleness;
    private final WireFaults faults = new WireFaults(this);
    private final Map<String, InMemorySpace<?>> spaces = new ConcurrentHashMap<>();
    private final InMemoryLink link;
    /** Raw keys whose DEL is not confirmed, with the number of the invalidation: a newer one is not confirmed by it. */
    private final Map<String, Long> pending = new ConcurrentHashMap<>();

    private final AtomicLong invalidations = new AtomicLong();

    private volatile boolean polling = true;
    private volatile int maxPayload = 1 << 20;

    /** A process with the default knobs: 2 s of staleness, 250 ms for a command. */
    public InMemorySharedStore(InMemoryRedis server) {
        this(server, Duration.ofSeconds(2), Duration.ofMillis(250));
    }

    /** A process with these knobs, on the server's clock. */
    public InMemorySharedStore(InMemoryRedis server, Duration maxStaleness, Duration commandTimeout) {
        this(server, server.time(), maxStaleness, commandTimeout);
    }

    /** A process on a clock of its own, which goes as the server's does; its timers may be stopped with the process. */
    public InMemorySharedStore(InMemoryRedis server, TimeSource time, Duration maxStaleness, Duration commandTimeout) {
        this.server = server;
        this.time = time;
        this.maxStaleness = maxStaleness;
        this.link = new InMemoryLink(server, time, maxStaleness, commandTimeout, faults, this::pushed);
        pingLater();
    }

    /** What a test can do to this process's connection. */
    public WireFaults faults() {
        return faults;
    }

    /** Whether waits look again without having been told, as the net for lost pushes. On by default. */
    public void polling(boolean on) {
        polling = on;
    }

    /** How many bytes a record may have with what the store adds to it. 1 MiB by default. */
    public void maxPayload(int bytes) {
        maxPayload = bytes;
    }

    @Override
    public <K> SharedSpace<K> open(String cache, KeyCodec<K> keys, String codecId, Changes<K> changes) {
        InMemorySpace<K> space = new InMemorySpace<>(this, server, cache, keys, codecId, changes);
        if (spaces.putIfAbsent(cache, space) != null) {
            throw new IllegalStateException("a space named '" + cache + "' is open on this store already: close that"
                    + " cache first, or name the new one otherwise");
        }
        return space;
    }

    void closed(String cache, InMemorySpace<?> space) {
        spaces.remove(cache, space);
    }

    @Override
    public Duration maxStaleness() {
        return maxStaleness;
    }

    /** Ends the process as {@code kill -9} does: nothing is released, nothing is renewed. */
    @Override
    public void close() {
        link.end();
    }

    boolean polls() {
        return polling;
    }

    int maxPayload() {
        return maxPayload;
    }

    InMemoryLink link() {
        return link;
    }

    TimeSource time() {
        return time;
    }

    /** One command; what is pending is sent before it. */
    <R extends @Nullable Object, T extends @Nullable Object> T ask(
            Supplier<R> command, InMemoryLink.WireFunction<R, T> onWire) {
        sendPending();
        return link.ask(command, onWire);
    }

    boolean invalidate(String rawKey) {
        pending.put(rawKey, invalidations.incrementAndGet());
        try {
            sendPending();
            return true;
        } catch (SharedStoreUnavailableException e) {
            return false;
        }
    }

    boolean isPending(String rawKey) {
        return pending.containsKey(rawKey)
                || pending.keySet().stream().anyMatch(one -> InMemoryFormat.covers(one, rawKey));
    }

    private void sendPending() {
        pending.forEach(
                (rawKey, number) -> link.ask(deletion(rawKey), (reply, epoch) -> pending.remove(rawKey, number)));
    }

    private Supplier<Boolean> deletion(String rawKey) {
        return () -> {
            if (InMemoryFormat.isAllKeys(rawKey)) {
                server.deleteIf(key -> InMemoryFormat.covers(rawKey, key));
            } else {
                server.delete(rawKey);
            }
            return true;
        };
    }

    private void pushed(@Nullable String rawKey) {
        if (rawKey == null) {
            spaces.values().forEach(InMemorySpace::allChanged);
        } else {
            spaces.values().forEach(space -> space.changed(rawKey));
        }
    }

    private void pingLater() {
        var unused = time.after(maxStaleness.toNanos() / 4, () -> {
            if (!link.hasEnded()) {
                pingLater();
                link.ping();
                pending.forEach(
                        (rawKey, number) -> link.tell(deletion(rawKey), reply -> pending.remove(rawKey, number)));
            }
        });
    }
}
