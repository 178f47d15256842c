package dev.getorcreate.redis;

import io.lettuce.core.RedisURI;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A Redis Cluster: one connector, and so one tracked link, for each upstream node. Who has which slot is asked at the
 * start, when a node sends a command elsewhere, when a node's view of the cluster changes, and when a link is lost.
 *
 * <p>What was read over the link of a node that lost slots is vouched for no more from the moment that this is known. A
 * node that thinks the cluster failed, because it was cut off from the others, proves nothing by its PING.
 */
final class Cluster implements Routes {

    /** Who is told that servers changed roles. */
    interface Hearer {
        /** Nobody is routed by the new ones yet. */
        void moving(Slots before, Slots after);

        /** Everybody is. These links have lost some. */
        void moved(List<Link> losers);
    }

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");
    private static final Pattern ELSEWHERE = Pattern.compile("(MOVED|ASK) \\d+ (.*):(\\d+)");
    private static final String WHERE = "Redis at ";
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(20);
    /** A view that nobody complained of is asked for again after so many ticks. */
    private static final int TICKS = 16;

    private static final int MOST_ABSENT = 20;

    private final Client client;
    private final List<RedisURI> seeds;
    private final Function<String, Connector> connecting;
    private final Hearer hearer;
    /** Guard: concurrent map. By {@code host:port}. */
    private final Map<String, Connector> nodes = new ConcurrentHashMap<>();
    /** Guard: volatile; replaced under this. */
    private volatile Slots slots = Slots.UNKNOWN;
    /** Guard: this. The epoch of {@link #slots}. */
    private final Epoch epoch = new Epoch();
    /** Guard: this. In how many views in a row a node of ours had no slots. */
    private final Map<String, Integer> absent = new HashMap<>();
    /** Guard: atomic. Somebody is asking who has what, or did a moment ago. */
    private final AtomicBoolean looking = new AtomicBoolean();
    /** Guard: atomic. Somebody wants to know it, and nobody has begun to ask since. */
    private final AtomicBoolean wanted = new AtomicBoolean();
    /** Guard: atomic. */
    private final AtomicInteger ticks = new AtomicInteger();

    /**
     * A cluster.
     *
     * @param connecting makes a connector to a node
     */
    Cluster(Client client, List<RedisURI> seeds, Function<String, Connector> connecting, Hearer hearer) {
        this.client = client;
        this.seeds = seeds;
        this.connecting = connecting;
        this.hearer = hearer;
    }

    @Override
    public void start() {
        for (RedisURI seed : seeds) {
            String where = WHERE + name(seed);
            try {
                apply(ask(seed).get(2, TimeUnit.SECONDS));
                awaitFirstAttempts();
                return;
            } catch (ExecutionException | TimeoutException e) {
                Throwable refusal = Refusals.isAway(e) ? null : Refusals.in(e);
                if (refusal == null) {
                    refusal = TlsMismatch.found(client, () -> CompletableFuture.completedStage(seed), e);
                }
                if (refusal != null) {
                    throw Refusals.error(where, refusal);
                }
                LOG.log(System.Logger.Level.WARNING, where + " does not answer", e);
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                return;
            }
        }
        LOG.log(System.Logger.Level.WARNING, "no node of the Redis Cluster answers; starting without it");
    }

    private void awaitFirstAttempts() throws InterruptedException {
        CompletableFuture<?>[] attempts =
                nodes.values().stream().map(Connector::first).toArray(CompletableFuture[]::new);
        try {
            CompletableFuture.allOf(attempts).get(Client.CONNECT_TIMEOUT.toMillis(), TimeUnit.MILLISECONDS);
        } catch (ExecutionException e) {
            Throwable refusal = Refusals.isAway(e) ? null : Refusals.in(e);
            if (refusal != null) {
                throw Refusals.error("a node of the Redis Cluster", refusal);
            }
        } catch (TimeoutException e) {
            LOG.log(System.Logger.Level.WARNING, "not all nodes of the Redis Cluster answer", e);
        }
    }

    /** Over a connection of its own. */
    private CompletableFuture<View> ask(RedisURI seed) {
        return CompletableFuture.completedFuture(seed)
                .thenCompose(client::connect)
                .thenCompose(connection -> View.ask(seed.getHost(), connection::dispatch)
                        .whenComplete((view, error) -> Client.end(connection)));
    }

    static String name(RedisURI uri) {
        return uri.getHost() + ":" + uri.getPort();
    }

    @Override
    public @Nullable Connector homeOrNull(byte[] key) {
        String owner = slots.owner(key);
        return owner == null ? null : nodes.get(owner);
    }

    @Override
    public List<Link> links() {
        List<Link> links = new ArrayList<>();
        for (Connector connector : nodes.values()) {
            Link link = connector.linkOrNull();
            if (link != null) {
                links.add(link);
            }
        }
        return links;
    }

    @Override
    public void opening(Link fresh) {
        fresh.redirects(this::redirect);
        fresh.pulse().proves(new Pulse.Soundness(Reply::clusterInfo, this::isSound));
    }

    /** On a connection's thread: a node's view of the cluster. Whether its PING proves anything. */
    private boolean isSound(String info) {
        if (isNews(View.epoch(info))) {
            lookAround();
        }
        return info.contains("cluster_state:ok");
    }

    private synchronized boolean isNews(long seen) {
        return epoch.isNews(seen);
    }

    /** On a connection's thread: a node says that another one has the key of this command, or is just getting it. */
    private void redirect(Reply<?> reply, String elsewhere) {
        Matcher where = ELSEWHERE.matcher(elsewhere);
        Link from = Objects.requireNonNull(reply.link(), "it was sent");
        if (!where.matches()) {
            reply.completeExceptionally(new IllegalStateException(elsewhere));
            return;
        }
        String host = where.group(2).isEmpty() ? host(from) : where.group(2);
        boolean asking = where.group(1).equals("ASK");
        if (!asking) {
            lookAround();
        }
        resend(reply, host + ":" + where.group(3), asking, TimeUnit.SECONDS.toNanos(1) / SOON);
    }

    private static String host(Link link) {
        String name = link.name();
        return name.substring(0, name.lastIndexOf(':'));
    }

    private void resend(Reply<?> reply, String node, boolean asking, long patience) {
        if (reply.isDone()) {
            return; // whoever asked waits no more
        }
        Link link = connector(node).linkOrNull();
        if (link == null && patience > 0) {
            client.after(() -> resend(reply, node, asking, patience - 1), SOON);
        } else if (link == null) {
            reply.completeExceptionally(new IllegalStateException("Redis at " + node + " is not connected"));
        } else if (asking) {
            link.send(Reply.asking(), reply);
        } else {
            link.send(reply);
        }
    }

    private Connector connector(String node) {
        return nodes.computeIfAbsent(node, name -> {
            Connector fresh = connecting.apply(name);
            fresh.start();
            return fresh;
        });
    }

    @Override
    public boolean isWhole() {
        return slots.allOwned(name -> {
            Connector owner = nodes.get(name);
            Link link = owner == null ? null : owner.linkOrNull();
            return link != null && link.isAnswering();
        });
    }

    @Override
    public void tick() {
        boolean connected = !slots.isEmpty() && nodes.values().stream().allMatch(node -> node.linkOrNull() != null);
        if (!connected || ticks.incrementAndGet() % TICKS == 0) {
            lookAround();
        }
    }

    /** Asks who has which slot: now, or soon after the last time. */
    void lookAround() {
        wanted.set(true);
        if (!client.isClosed() && looking.compareAndSet(false, true)) {
            look();
        }
    }

    private void look() {
        wanted.set(false);
        List<Link> answering = links().stream().filter(Link::isAnswering).toList();
        int turn = ticks.incrementAndGet();
        // From a future, so that whatever is thrown on the way ends the looking.
        var unused = CompletableFuture.completedFuture(turn)
                .thenCompose(now -> answering.isEmpty()
                        ? ask(seeds.get(Math.floorMod(now, seeds.size())))
                        : ask(answering.get(Math.floorMod(now, answering.size()))))
                .whenComplete((seen, error) -> {
                    client.after(this::looked, SOON); // not sooner, however many commands are sent on
                    if (seen != null) {
                        apply(seen);
                    }
                });
    }

    private void looked() {
        looking.set(false);
        if (wanted.get()) {
            lookAround();
        }
    }

    private static CompletableFuture<View> ask(Link link) {
        return View.ask(host(link), link::send);
    }

    private synchronized void apply(View view) {
        Slots fresh = view.slots();
        if (fresh.isEmpty() || (!links().isEmpty() && epoch.refuses(view.epoch()))) {
            return;
        }
        Slots before = slots;
        fresh.nodes().forEach(this::connector);
        Set<String> losers = before.losers(fresh);
        if (!losers.isEmpty()) {
            hearer.moving(before, fresh);
        }
        slots = fresh;
        epoch.accept(view.epoch());
        if (!losers.isEmpty()) {
            LOG.log(System.Logger.Level.INFO, () -> "slots of the Redis Cluster moved away from " + losers);
            hearer.moved(links().stream()
                    .filter(link -> losers.contains(link.name()))
                    .toList());
        }
        closeAbsent(fresh.nodes());
    }

    /** A node without slots may just be getting its first ones; one that stays without is none of ours. */
    private void closeAbsent(Set<String> present) {
        nodes.forEach((name, connector) -> {
            int views = present.contains(name) ? 0 : 1 + absent.getOrDefault(name, 0);
            absent.put(name, views);
            if (views > MOST_ABSENT && nodes.remove(name, connector)) {
                absent.remove(name);
                connector.close();
            }
        });
    }

    @Override
    public void close() {
        nodes.values().forEach(Connector::close);
    }
}
