package dev.getorcreate.redis;

import java.util.List;
import java.util.Set;

/** What a store does when slots of a cluster move to other nodes, by a failover or a migration. */
final class Moves implements Cluster.Hearer {

    private final RedisSharedStore store;

    Moves(RedisSharedStore store) {
        this.store = store;
    }

    @Override
    public void takenOver(Set<String> names) {
        // A promoted replica may have missed the last invalidations.
        store.invalidations().reviveRecent(link -> names.contains(link.name()));
    }

    @Override
    public void moved(List<Link> losers) {
        // Whatever becomes of those who wait, nothing that was read there is believed.
        losers.forEach(link -> link.tracking().flushed());
        settle(); // before those look who are woken
        losers.forEach(link -> store.spaces().forEach(space -> space.forgotten(link)));
        settle(); // under generations that were forgotten
        losers.stream().filter(Link::isLost).forEach(link -> link.giveUp(Connector.TAKEN_OVER));
    }

    private void settle() {
        store.invalidations().spaces().forEach(space -> space.settle(null));
    }
}
