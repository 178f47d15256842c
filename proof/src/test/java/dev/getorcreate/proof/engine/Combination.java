package dev.getorcreate.proof.engine;

import dev.getorcreate.Arbiter;
import dev.getorcreate.CacheBuilder;
import dev.getorcreate.GetOrCreateCache;
import dev.getorcreate.Source;
import dev.getorcreate.local.CaffeineLocal;
import dev.getorcreate.spi.Codec;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.SharedStore;
import java.time.Duration;

/** The combinations of tiers, as the Javadoc of {@link GetOrCreateCache} lists them. */
enum Combination {
    LOCAL(true, false, false),
    LOCAL_ARBITER(true, false, true),
    ARBITER(false, false, true),
    SHARED(false, true, false),
    LOCAL_SHARED(true, true, false),
    SHARED_ARBITER(false, true, true),
    ALL(true, true, true);

    final boolean local;
    final boolean shared;
    final boolean arbiter;

    Combination(boolean local, boolean shared, boolean arbiter) {
        this.local = local;
        this.shared = shared;
        this.arbiter = arbiter;
    }

    /** What stands between processes: without it each is alone. */
    boolean spansProcesses() {
        return shared || arbiter;
    }

    CacheBuilder<String, String> builder(String name, SharedStore store, Arbiter<String, String> table) {
        CacheBuilder<String, String> builder = GetOrCreateCache.builder(name);
        if (local) {
            builder.local(CaffeineLocal.defaults());
        }
        if (shared) {
            builder.shared(store, KeyCodec.string(), Codec.string()).timeToLive(Duration.ofMinutes(5));
        }
        if (arbiter) {
            builder.arbiter(table);
        }
        return builder;
    }

    /** Where the process that created a record gets it from when it asks again. */
    Source again() {
        return local ? Source.LOCAL : elsewhere();
    }

    /** Where another process gets it from. */
    Source elsewhere() {
        return shared ? Source.SHARED : arbiter ? Source.FOUND : Source.CREATED;
    }
}
