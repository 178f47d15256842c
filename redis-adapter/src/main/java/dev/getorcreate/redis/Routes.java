package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Which server a key stands on. */
interface Routes extends AutoCloseable {

    /** Connects for the first time: what is wrong is thrown, what does not answer goes on in the background. Blocks. */
    void start();

    /**
     * The connector to the key's server.
     *
     * @throws SharedStoreUnavailableException if that is not known
     */
    default Connector home(byte[] key) {
        Connector known = homeOrNull(key);
        if (known == null) {
            throw new SharedStoreUnavailableException(
                    "no node of the Redis Cluster is known to have the key's slot", null);
        }
        return known;
    }

    /** As {@link #home}, for whoever asks for many keys, and may find no server for any: null, and no exception for each. */
    @Nullable
    Connector homeOrNull(byte[] key);

    /** Those that can be used. */
    List<Link> links();

    /** Whether every key's server is known, connected, and answers. */
    boolean isWhole();

    /** A link to one of the servers is about to be used. */
    void opening(Link fresh);

    /** Some times a second. */
    void tick();

    /** Ends all links and attempts. */
    @Override
    void close();
}
