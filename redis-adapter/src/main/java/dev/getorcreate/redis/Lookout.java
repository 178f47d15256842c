package dev.getorcreate.redis;

import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** Asks the nodes of a cluster for their views of it, one at a time: in turn, and where none answers the seeds. */
final class Lookout {

    /** Between one view and asking for the next: no sooner, however many commands are sent on. */
    private static final long PAUSE = TimeUnit.MILLISECONDS.toNanos(20);
    /** A view that nobody complained of is asked for again after so many ticks. */
    private static final int TICKS = 16;
    /** A seed is asked after so many, each time over a connection of its own. */
    private static final int SEED_TICKS = 256;

    private final Client client;
    private final List<RedisURI> seeds;
    private final Supplier<List<Link>> members;
    private final Consumer<View> told;
    /** Guard: atomic. Somebody is being asked, or was a moment ago. */
    private final AtomicBoolean looking = new AtomicBoolean();
    /** Guard: atomic. A view is wanted, and nobody was asked since. */
    private final AtomicBoolean wanted = new AtomicBoolean();
    /** Guard: atomic. */
    private final AtomicInteger ticks = new AtomicInteger();
    /** Guard: volatile. There was no view yet, and no node whose connection would tell why. */
    private volatile @Nullable Outage unseen;
    /** Guard: atomic. How often somebody was asked. */
    private final AtomicInteger turns = new AtomicInteger();

    /**
     * Asks nobody yet.
     *
     * @param members over which a node that is part of the cluster, as far as is known, can be asked
     * @param told of each view, on a connection's thread
     */
    Lookout(Client client, List<RedisURI> seeds, Supplier<List<Link>> members, Consumer<View> told) {
        this.client = client;
        this.seeds = seeds;
        this.members = members;
        this.told = told;
    }

    /** Nobody answered at the start: it is told once somebody does, or refuses. */
    void beginUnseen() {
        Outage outage = new Outage("the Redis Cluster");
        outage.begin();
        unseen = outage;
    }

    /** Asks now, or soon after the last time. */
    void lookAround() {
        wanted.set(true);
        if (!client.isClosed() && looking.compareAndSet(false, true)) {
            look();
        }
    }

    private void look() {
        wanted.set(false);
        // From a future, so that whatever is thrown on the way ends the looking.
        var unused = CompletableFuture.completedFuture(turns.incrementAndGet())
                .thenCompose(this::askInTurn)
                .whenComplete((seen, error) -> {
                    client.after(this::looked, PAUSE);
                    tell(seen, error);
                });
    }

    private void tell(@Nullable View seen, @Nullable Throwable error) {
        if (seen != null && seen.slots().isEmpty()) {
            tell(null, new IllegalStateException(View.EMPTY));
            return;
        }
        Outage outage = unseen;
        if (seen != null) {
            unseen = null;
            told.accept(seen);
        }
        if (outage != null && seen != null) {
            outage.end();
        } else if (outage != null && error != null) {
            outage.goesOn(error);
        }
    }

    private void looked() {
        looking.set(false);
        if (wanted.get()) {
            lookAround();
        }
    }

    private CompletableFuture<View> askInTurn(int turn) {
        List<Link> answering = members.get().stream().filter(Link::isAnswering).toList();
        if (answering.isEmpty()) {
            return ask(inTurn(seeds, turn));
        }
        Link link = inTurn(answering, turn);
        return View.ask(link.host(), false, link::send);
    }

    private static <T> T inTurn(List<T> all, int turn) {
        return all.get(Math.floorMod(turn, all.size()));
    }

    /** Over a connection of its own. */
    CompletableFuture<View> ask(RedisURI seed) {
        return CompletableFuture.completedFuture(seed)
                .thenCompose(client::connect)
                .thenCompose(connection -> View.ask(seed.getHost(), true, connection::dispatch)
                        .whenComplete((view, error) -> Client.end(connection)));
    }

    /**
     * Some times a second.
     *
     * @param connected whether there is nothing to complain of
     */
    void tick(boolean connected) {
        int number = ticks.incrementAndGet();
        if (!connected || number % TICKS == 0) {
            lookAround();
        }
        if (number % SEED_TICKS == 0) {
            // All others may be part of another cluster by now.
            var unused = ask(inTurn(seeds, number / SEED_TICKS)).thenAccept(told);
        }
    }
}
