package dev.getorcreate.redis;

import dev.getorcreate.SharedStoreUnavailableException;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a store does when a link opens or is lost: what is pending is sent before anything is read. */
final class Events implements Connector.Hearer {

    private final RedisSharedStore store;
    private final Consumer<Link> preparing;

    Events(RedisSharedStore store, Consumer<Link> preparing) {
        this.store = store;
        this.preparing = preparing;
    }

    @Override
    public void opening(Link fresh) {
        preparing.accept(fresh);
        fresh.beforeReads(() -> settle(fresh));
        if (fresh.home().isAnotherServer(fresh.server().runId())) {
            // Promoted, or restarted from a snapshot: it may have missed the last invalidations.
            store.invalidations().reviveRecent(link -> link.home() == fresh.home());
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
