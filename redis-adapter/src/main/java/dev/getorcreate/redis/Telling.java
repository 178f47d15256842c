package dev.getorcreate.redis;

import dev.getorcreate.spi.Changes;
import dev.getorcreate.spi.KeyCodec;
import java.util.concurrent.atomic.AtomicBoolean;

/** Tells one cache which of its keys changed, and where that cannot be told, that any may have. */
final class Telling<K> {

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");

    private final Namespace namespace;
    private final KeyCodec<K> keys;
    private final LongKeys<K> longKeys;
    private final Changes<K> changes;
    private final Generations generations;
    /** Guard: atomic. */
    private final AtomicBoolean warned = new AtomicBoolean();

    Telling(Namespace namespace, KeyCodec<K> keys, LongKeys<K> longKeys, Changes<K> changes, Generations generations) {
        this.namespace = namespace;
        this.keys = keys;
        this.longKeys = longKeys;
        this.changes = changes;
        this.generations = generations;
    }

    /** On the thread that sees the wire: what stands there changed. */
    void changed(byte[] whole) {
        Generation generation = generations.told(); // a word that lapsed may hold again, so also if it is not proven
        if (generation == null) {
            return; // what was read under another one has no word any more
        }
        byte[] bare = generation.strip(whole);
        byte[] hash = bare == null ? generation.hash(whole) : null;
        try {
            if (bare != null) {
                changes.changed(keys.decode(bare));
            } else if (hash != null) {
                changedLong(hash);
            }
        } catch (Throwable e) { // an Error too: all caches of this connection would lose it
            generations.endWords(); // the entry is still there
            warn(e);
        }
    }

    private void changedLong(byte[] hash) {
        K key = longKeys.of(hash);
        if (key != null) {
            changes.changed(key);
        } else {
            generations.endWords(); // it may be any
        }
    }

    private void warn(Throwable cause) {
        if (warned.compareAndSet(false, true)) {
            LOG.log(
                    System.Logger.Level.WARNING,
                    "a change could not be told to the cache '" + namespace.escaped() + "', which forgets all that it"
                            + " keeps locally at each such change: its key codec fails, or equals or hashCode of its"
                            + " keys do, or somebody else writes keys like its own. This is said once",
                    cause);
        }
    }
}
