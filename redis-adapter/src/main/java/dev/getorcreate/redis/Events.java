package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a store does when a link opens or is lost: what is pending is sent before anything is read. */
final class Events implements Connector.Hearer {

    private final RedisSharedStore store;
    private final Consumer<Link> preparing;
    /** Guard: volatile. Of the server that was linked to last, where all keys stand on one. */
    private volatile @Nullable String lastRunId;

    Events(RedisSharedStore store, Consumer<Link> preparing) {
        this.store = store;
        this.preparing = preparing;
    }

    @Override
    public void opening(Link fresh) {
        preparing.accept(fresh);
        fresh.beforeReads(() -> settle(fresh));
        String runId = fresh.server().runId();
        if (!fresh.server().clustered()) {
            String last = lastRunId;
            lastRunId = runId;
            if (last != null && (last.isEmpty() || !last.equals(runId))) {
                // Another server: a promoted replica may have missed the last invalidations.
                store.invalidations().reviveRecent(key -> true, store.time().nanoTime());
            }
        }
        settle(fresh);
    }

    @Override
    public void opened(Link fresh) {
        settle(fresh); // those that found no link a moment ago
    }

    @Override
    public void lost(Link gone, @Nullable Throwable cause) {
        SharedStoreUnavailableException error =
                new SharedStoreUnavailableException(gone.where() + " lost the connection", cause);
        store.spaces().forEach(space -> space.lost(gone, error));
    }

    private void settle(Link via) {
        store.invalidations().spaces().forEach(space -> space.settle(via));
    }
}
