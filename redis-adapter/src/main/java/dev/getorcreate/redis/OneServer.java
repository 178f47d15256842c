package dev.getorcreate.redis;

import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * One server has all the keys: a standalone one, or the upstream that Sentinels name. These are asked at every tick, since
 * one that was demoted without having died goes on answering for a while as if nothing had happened.
 */
final class OneServer implements Routes {

    /** After so many ticks another Sentinel is asked: one that agrees with the link may be cut off together with it. */
    private static final int TICKS_FOR_EACH = 8;

    private final Connector connector;
    private final @Nullable Sentinels sentinels;
    /** Guard: atomic. The Sentinels are being asked. */
    private final AtomicBoolean asking = new AtomicBoolean();
    /** Guard: atomic. How often the Sentinels were asked in vain since there was a link. */
    private final AtomicInteger attempts = new AtomicInteger();
    /** Guard: atomic. */
    private final AtomicInteger ticks = new AtomicInteger();

    /**
     * One server.
     *
     * @param connecting makes the connector to what the supplier names at each attempt
     */
    OneServer(Client client, RedisURI uri, Function<Supplier<CompletionStage<RedisURI>>, Connector> connecting) {
        Sentinels asked = uri.getSentinels().isEmpty() ? null : new Sentinels(client, uri);
        this.sentinels = asked;
        this.connector =
                connecting.apply(asked == null ? () -> CompletableFuture.completedStage(uri) : () -> named(asked));
    }

    /** One that is cut off from the others may answer for ever, and never name a server that can be used. */
    private CompletionStage<RedisURI> named(Sentinels asked) {
        int before = attempts.getAndIncrement();
        if (before > 0 && before % 2 == 0) {
            asked.next();
        }
        return asked.upstream();
    }

    @Override
    public void start() {
        connector.startOrRefuse();
    }

    @Override
    public Connector homeOrNull(byte[] key) {
        return connector;
    }

    @Override
    public List<Link> links() {
        Link link = connector.linkOrNull();
        return link == null ? List.of() : List.of(link);
    }

    @Override
    public boolean isWhole() {
        Link link = connector.linkOrNull();
        return link != null && link.isAnswering();
    }

    @Override
    public void opening(Link fresh) {
        attempts.set(0);
        if (fresh.server().runId().isEmpty()) {
            return; // it may not be asked
        }
        fresh.pulse().proves(new Pulse.Soundness(Reply::replicationInfo, info -> {
            boolean replica = ServerInfo.isReplica(info);
            boolean another = ServerInfo.wasReplicaSince(fresh.server().history(), info);
            if (replica) {
                fresh.demoted();
            } else if (another) {
                fresh.giveUp("its server was a replica for a moment");
            }
            return !replica && !another;
        }));
    }

    @Override
    public void tick() {
        Link link = connector.linkOrNull();
        if (sentinels == null || link == null || !asking.compareAndSet(false, true)) {
            return;
        }
        boolean another = ticks.incrementAndGet() % TICKS_FOR_EACH == 0;
        // From a future, so that whatever is thrown on the way ends the asking.
        var unused = CompletableFuture.completedFuture(sentinels)
                .thenCompose(asked -> (another ? asked.another() : asked.upstream())
                        .thenCompose(upstream -> isLeft(link, upstream, asked)))
                .whenComplete((left, error) -> {
                    asking.set(false);
                    if (error == null && left) {
                        connector.giveUp(link, "the Sentinels name another upstream");
                    }
                });
    }

    /** An upstream is not left at the word of one Sentinel alone; one that does not answer ends by its PINGs. */
    private static CompletionStage<Boolean> isLeft(Link link, RedisURI upstream, Sentinels asked) {
        return link.name().equals(Cluster.name(upstream))
                ? CompletableFuture.completedStage(false)
                : asked.outvote(link.name());
    }

    @Override
    public void close() {
        connector.close();
        if (sentinels != null) {
            sentinels.close();
        }
    }
}
