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
import java.util.concurrent.atomic.AtomicLong;
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
        /** These nodes may have been taken over, and nothing that is answered over a link to them counts any more. */
        void takenOver(Set<String> names);

        /** Everybody is. These links have lost some. */
        void moved(List<Link> losers);
    }

    private static final System.Logger LOG = System.getLogger("dev.getorcreate.redis");
    private static final Pattern ELSEWHERE = Pattern.compile("(MOVED|ASK) \\d+ (.*):(\\d+)");
    private static final String WHERE = "Redis at ";
    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(20);

    private static final int MOST_ABSENT = 20;

    private final Client client;
    private final List<RedisURI> seeds;
    private final Function<String, Connector> connecting;
    private final Hearer hearer;
    private final Lookout lookout;
    /** Guard: concurrent map. By {@code host:port}. */
    private final Map<String, Connector> nodes = new ConcurrentHashMap<>();
    /** Guard: volatile; replaced under this. */
    private volatile Slots slots = Slots.UNKNOWN;
    /** Guard: this. The epoch of {@link #slots}. */
    private final Epoch epoch = new Epoch();
    /** Guard: this. In how many views in a row a node of ours had no slots. */
    private final Map<String, Integer> absent = new HashMap<>();

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
        this.lookout = new Lookout(
                client, seeds, () -> links().stream().filter(this::isMember).toList(), this::believe);
    }

    @Override
    public void start() {
        for (RedisURI seed : seeds) {
            String where = WHERE + name(seed);
            try {
                View view = lookout.ask(seed).get(2, TimeUnit.SECONDS);
                if (!view.slots().isEmpty()) {
                    apply(view);
                    awaitFirstAttempts();
                    return;
                }
                LOG.log(System.Logger.Level.WARNING, where + ": " + View.EMPTY);
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
        LOG.log(System.Logger.Level.WARNING, "no node shows a Redis Cluster with slots; starting without it");
        lookout.beginUnseen();
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
        AtomicLong own = new AtomicLong(-1); // none has that, so that all are asked once
        fresh.pulse().proves(new Pulse.Soundness(Reply::clusterInfo, info -> {
            long now = View.ownEpoch(info);
            if (own.getAndSet(now) != now) {
                askWhetherPromotedAgain(fresh);
            }
            return isSound(fresh, info);
        }));
    }

    /**
     * A promotion gives a node another epoch, and so may a slot that it gets: it may have been a replica between two views.
     * One that is a replica still sends on whoever asks, until a view shows who took over.
     */
    private static void askWhetherPromotedAgain(Link link) {
        link.send(Reply.replicationInfo(output -> {
            String info = String.valueOf(output.get());
            if (!ServerInfo.isReplica(info)
                    && ServerInfo.wasReplicaSince(link.server().history(), info)) {
                link.giveUp("its server was a replica for a moment");
            }
        }));
    }

    /** On a connection's thread: a node's view of the cluster. Whether its PING proves anything. */
    private boolean isSound(Link from, String info) {
        if (isMember(from) && isNews(View.epoch(info))) {
            lookAround();
        }
        return info.contains("cluster_state:ok");
    }

    /** What others say is not about this cluster, or not any more. */
    private boolean isMember(Link link) {
        return slots.nodes().contains(link.name());
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
        String host = where.group(2).isEmpty() ? from.host() : where.group(2);
        boolean asking = where.group(1).equals("ASK");
        boolean unknown = host.equals(Slots.UNKNOWN_HOST);
        if (!asking || unknown) {
            lookAround();
        }
        if (unknown) {
            reply.completeExceptionally(new IllegalStateException("it answered " + elsewhere
                    + ", and that node has no host name (cluster-announce-hostname) though its cluster goes by them"));
            return;
        }
        resend(reply, host + ":" + where.group(3), asking, TimeUnit.SECONDS.toNanos(1) / SOON);
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
        lookout.tick(connected);
    }

    /** Asks who has which slot. */
    void lookAround() {
        lookout.lookAround();
    }

    /** On a connection's thread, where nobody would hear of what is thrown. */
    void believe(View view) {
        try {
            apply(view);
        } catch (Throwable e) {
            LOG.log(System.Logger.Level.WARNING, "a new view of the Redis Cluster was not taken over as a whole", e);
        }
    }

    private synchronized void apply(View view) {
        Slots fresh = view.slots();
        Slots before = slots;
        boolean related = fresh.isRelated(before);
        if (fresh.isEmpty() || (!before.isEmpty() && epoch.refuses(view.epoch(), related || view.ofSeed()))) {
            return;
        }
        fresh.nodes().forEach(this::connector);
        Set<String> losers = before.losers(fresh);
        Set<String> gone = before.takenOver(fresh);
        disbelieve(gone); // nobody is routed by the new ones yet
        slots = fresh;
        disbelieve(gone); // to whom this process may have connected meanwhile
        if (!losers.isEmpty()) {
            // First of all: the next view does not show any more that they lost some.
            hearer.moved(links().stream()
                    .filter(link -> losers.contains(link.name()))
                    .toList());
            LOG.log(System.Logger.Level.INFO, () -> "slots of the Redis Cluster moved away from " + losers);
        }
        epoch.accept(view.epoch(), related);
        closeAbsent(fresh.nodes());
    }

    private void disbelieve(Set<String> gone) {
        if (!gone.isEmpty()) {
            gone.stream().map(nodes::get).filter(Objects::nonNull).forEach(Connector::disbelieve);
            hearer.takenOver(gone);
        }
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
