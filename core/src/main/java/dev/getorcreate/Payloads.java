package dev.getorcreate;

import dev.getorcreate.spi.Codec;
import java.lang.System.Logger.Level;
import java.nio.ByteBuffer;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** The records of one cache as bytes, by its codec; what cannot be read is told of. */
final class Payloads<V> {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate");

    private final String cache;
    private final Codec<V> codec;
    private final Counters counters;
    /** Guard: atomic; set for good. Whether a payload was unreadable, and whether one of our own was tried. */
    private final AtomicBoolean warned = new AtomicBoolean();

    private final AtomicBoolean tried = new AtomicBoolean();

    Payloads(String cache, Codec<V> codec, Counters counters) {
        this.cache = cache;
        this.codec = codec;
        this.counters = counters;
    }

    /** The record, or null, counted, if the payload is none of this cache's. */
    @Nullable
    V decode(ByteBuffer payload) {
        return decode(payload, this::undecodable);
    }

    /** What stands in the shared store is no record of this cache. */
    void undecodable(String why) {
        if (warned.compareAndSet(false, true)) {
            warn("there is a payload in the shared store that is no record of it, since " + why
                    + " (more at DEBUG). Such"
                    + " payloads are misses and are written over, and this is said once. If this program wrote it, its codec cannot"
                    + " read what it writes; else another version writes there, or another program by the same cache"
                    + " name. CacheStats.undecodable() goes on counting");
        }
        counters.undecodable(why);
    }

    /** The record as bytes. A codec that cannot is a mistake to be seen, not a miss. */
    byte[] encode(V value) throws Failed {
        try {
            byte @Nullable [] payload = codec.encode(value);
            if (payload != null) {
                tryOnce(payload);
                return payload;
            }
        } catch (Exception e) {
            if (e instanceof InterruptedException) {
                throw Failed.interrupted(e);
            }
            throw Failed.forAll(new CreationFailedException("the codec could not encode the record", e));
        }
        throw Failed.forAll(new CreationFailedException("the codec gave null for the record", null));
    }

    /** The first of our own: a codec that writes and cannot read makes every record a miss. */
    private void tryOnce(byte[] payload) {
        if (!tried.compareAndSet(false, true)) {
            return;
        }
        try {
            V unused = decode(
                    ByteBuffer.wrap(payload.clone()),
                    why -> warn("its codec cannot read what it writes, since " + why
                            + " (more at DEBUG). Every record will be a miss:"
                            + " give the codec a type that it can read"));
        } catch (Throwable e) {
            // No memory, or no log: the record is written all the same.
        }
    }

    private @Nullable V decode(ByteBuffer payload, Consumer<String> otherwise) {
        String why = "the codec gave null";
        try {
            V value = codec.decode(payload);
            if (value != null) {
                return value;
            }
        } catch (Throwable e) { // codecs throw Errors of many kinds where a payload, or a library, is none of theirs
            if (e instanceof OutOfMemoryError full) {
                throw full; // that says nothing of the payload
            }
            if (e instanceof InterruptedException) {
                Thread.currentThread().interrupt();
            }
            why = "the codec threw " + e.getClass().getName();
            LOG.log(Level.DEBUG, "cache '" + cache + "': a payload cannot be read", e); // it may quote the value
        }
        otherwise.accept(why);
        return null;
    }

    private void warn(String what) {
        LOG.log(Level.WARNING, "cache '" + cache + "': " + what);
    }
}
