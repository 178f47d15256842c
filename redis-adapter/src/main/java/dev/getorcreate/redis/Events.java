package dev.getorcreate.redis;

/** What a store does when a link opens or is lost: what is pending is sent before anything is read. */
final class Events implements Connector.Hearer {

    private final RedisSharedStore store;

    Events(RedisSharedStore store) {
        this.store = store;
    }

    @Override
    public void opening(Link fresh) {
        store.routes().opening(fresh);
        fresh.pulse().beforeReads(() -> settle(fresh));
        if (fresh.home().isAnotherServer(fresh.server().identity())) {
            // Promoted, perhaps after it was a replica for a moment, or restarted from a snapshot: it may have missed
            // the last invalidations.
            store.invalidations().reviveRecent(link -> link.home() == fresh.home());
        } else {
            store.invalidations().goOn(link -> link.home() == fresh.home(), fresh);
        }
        settle(fresh);
    }

    @Override
    public void opened(Link fresh) {
        settle(fresh); // those that found no link a moment ago
        store.spaces().forEach(space -> space.checkRights(fresh));
    }

    @Override
    public void lost(Link gone) {
        store.spaces().forEach(space -> space.forgotten(gone));
    }

    private void settle(Link via) {
        store.invalidations().spaces().forEach(space -> space.settle(via));
        store.releases().goOn(key -> store.linkOrNull(key, via));
    }
}
