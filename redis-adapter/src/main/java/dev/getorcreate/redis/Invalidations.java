package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * Invalidations that are not confirmed yet: the newest of each key. They are sent again when contact returns, before
 * anything is read over the new connection; until then nothing that is read of their keys is kept locally. They live in
 * this process: if it dies, they are lost, and the time to live bounds what they would have removed.
 */
final class Invalidations {

    private final int most;
    /** Guard: this. The number tells a key's newest invalidation from those before it. */
    private final Map<ByteBuffer, Long> pending = new LinkedHashMap<>();
    /** Guard: this. */
    private long newest;
    /** Guard: volatile, written under this; so that the usual case costs no lock. */
    private volatile boolean none = true;

    Invalidations(int most) {
        this.most = most;
    }

    /**
     * Notes that the key's invalidation is about to be sent.
     *
     * @throws SharedStoreUnavailableException if too many wait already: it would be lost silently
     */
    synchronized long begin(ByteBuffer key) {
        if (pending.size() >= most && !pending.containsKey(key)) {
            throw new SharedStoreUnavailableException(
                    most + " invalidations wait for Redis already; this one was not taken, invalidate again later",
                    null);
        }
        none = false;
        pending.put(key, ++newest);
        return newest;
    }

    /** Redis confirmed that one; a newer one of the key stays. */
    synchronized void confirmed(ByteBuffer key, long number) {
        pending.remove(key, number);
        none = pending.isEmpty();
    }

    boolean isPending(ByteBuffer key) {
        if (none) {
            return false;
        }
        synchronized (this) {
            return pending.containsKey(key);
        }
    }

    /** Sends all that wait, in one flush. */
    void sendAgain(Link link) {
        if (none) {
            return;
        }
        List<Reply<Long>> deletes = new ArrayList<>();
        synchronized (this) {
            pending.forEach((key, number) -> deletes.add(delete(key, number)));
        }
        if (!deletes.isEmpty()) {
            link.send(deletes);
        }
    }

    /** A DEL that confirms itself, on the connection's thread. */
    @SuppressWarnings("ByteBufferBackingArray") // keys are wrapped whole arrays
    Reply<Long> delete(ByteBuffer key, long number) {
        return Reply.delete(key.array(), output -> {
            if (!output.hasError()) {
                confirmed(key, number);
            }
        });
    }
}
