package dev.getorcreate.redis;

import dev.getorcreate.spi.Token;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** How one cache's records are written: compressed, where that is wanted and helps, and none that is too large. */
final class Records {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private final Namespace namespace;
    private final byte[] codecId;
    private final Settings settings;
    private final AtomicBoolean warned = new AtomicBoolean();

    Records(Namespace namespace, byte[] codecId, Settings settings) {
        this.namespace = namespace;
        this.codecId = codecId;
        this.settings = settings;
    }

    /** The record as it is to stand in Redis; null if it is too large for that. */
    byte @Nullable [] write(Token token, long createdMillis, long costMillis, byte[] payload) {
        byte[] smaller = payload.length > settings.compressAbove() ? Deflated.of(payload) : null;
        byte[] chosen = smaller == null ? payload : smaller;
        long length = Payload.recordLength(codecId, chosen.length);
        if (length <= settings.maxPayload()) {
            return Payload.record(token, createdMillis, costMillis, codecId, smaller != null, chosen);
        }
        if (warned.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a record of cache '" + namespace.escaped() + "' has " + length
                            + " bytes, and is cached nowhere: maxPayload is " + settings.maxPayload()
                            + " bytes. This is said once; the statistics count them (oversized)");
        }
        return null;
    }
}
