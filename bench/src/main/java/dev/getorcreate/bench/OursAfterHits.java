package dev.getorcreate.bench;

import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import java.time.Duration;
import java.util.function.UnaryOperator;

/**
 * Ours where other records are found in Redis, as they are in most applications. A stampede asks for missing keys only, and
 * after some of them in a row our claim goes along with the look, which saves a round trip and a command of each process that
 * does not create (docs/adr/0019). One record that is found there ends that: here each process finds one before each key.
 */
final class OursAfterHits implements Contender {

    static final String NAME = "oursAfterHits";

    /** In the keys of what is found; nobody else's have it. */
    static final String MARK = "found-before-";

    private final Ours ours;

    OursAfterHits(String uri, Duration timeToLive) {
        ours = ours(uri, timeToLive);
    }

    private static Ours ours(String uri, Duration timeToLive) {
        return new Ours(uri, timeToLive, CaffeineLocal.defaults());
    }

    /** What is found before the key. */
    static String found(String prefix, int key) {
        return MARK + prefix + "-" + key;
    }

    /** By a process that is none of those that find it. */
    static void publish(String uri, Duration timeToLive, String prefix, int keys) {
        try (Ours publisher = ours(uri, timeToLive)) {
            for (int key = 0; key < keys; key++) {
                String unused = publisher.getOrCreate(found(prefix, key), same -> same);
            }
        }
    }

    /** Insists that it is found in Redis: otherwise something else would be measured. */
    void find(String found) {
        Source source = ours.find(found);
        if (source != Source.SHARED) {
            throw new IllegalStateException("'" + found + "' was " + source + ", not " + Source.SHARED);
        }
    }

    @Override
    public String getOrCreate(String key, UnaryOperator<String> creator) {
        return ours.getOrCreate(key, creator);
    }

    @Override
    public void close() {
        ours.close();
    }
}
