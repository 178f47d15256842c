package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CopyOnWriteArrayList;
import org.junit.jupiter.api.Test;

/** A link to a node of a cluster is about to be handed out, when it becomes known that others have taken over from that. */
class OpeningWhenTakenOverTest {

    private static final String HOST = "127.0.0.1";
    private static final int LAST = 16_383;

    private final ScriptedRedis one = new ScriptedRedis();
    private final ScriptedRedis two = new ScriptedRedis();
    private final ScriptedRedis other = new ScriptedRedis();
    private final Handshake handshake = new Handshake(Wire.SETTINGS, TimeSource.system(), true, (link, keys) -> {});
    private final List<Set<String>> told = new CopyOnWriteArrayList<>();
    /** Those to the first node, as they are opened. */
    private final List<Link> opened = new CopyOnWriteArrayList<>();

    /** Guard: volatile. */
    private volatile boolean disbelieved;

    private final Cluster.Hearer hearer = new Cluster.Hearer() {
        @Override
        public void takenOver(Set<String> names) {
            told.add(names);
        }

        @Override
        public void moved(List<Link> losers) {}
    };

    private static List<Object> range(long from, long to, ScriptedRedis node) {
        byte[] host = HOST.getBytes(StandardCharsets.UTF_8);
        byte[] id = Integer.toString(node.port()).getBytes(StandardCharsets.UTF_8);
        return List.of(from, to, List.of(host, (long) node.port(), id));
    }

    private View view(ScriptedRedis owner) {
        return new View(Slots.parse(List.of(range(0, 0, other), range(1, LAST, owner)), HOST), 1, true);
    }

    private Connector connector(Client client, String node, Cluster[] cluster) {
        RedisURI uri = RedisURI.create("redis://" + node);
        boolean first = node.equals(HOST + ":" + one.port());
        return new Connector(
                client, () -> CompletableFuture.completedStage(uri), node, handshake, new Connector.Hearer() {
                    @Override
                    public void opening(Link fresh) {
                        if (first) {
                            opened.add(fresh);
                        }
                        if (first && opened.size() == 2) {
                            cluster[0].believe(view(two));
                            disbelieved = fresh.isLost();
                        }
                    }

                    @Override
                    public void opened(Link fresh) {}

                    @Override
                    public void lost(Link gone) {}
                });
    }

    @Test
    void itCountsForNothingAndIsGivenUp() {
        try (one;
                two;
                other;
                Client client = new Client(null)) {
            Cluster[] it = new Cluster[1];
            try (Cluster cluster = new Cluster(
                    client, List.of(RedisURI.create(one.uri())), node -> connector(client, node, it), hearer)) {
                it[0] = cluster;
                cluster.believe(view(one));
                byte[] key = "k".getBytes(StandardCharsets.UTF_8);
                Connector home = Objects.requireNonNull(cluster.homeOrNull(key));
                await().until(() -> home.linkOrNull() != null);
                home.giveUp(opened.get(0), "as if it was silent");
                await().until(() -> opened.size() > 2 && home.linkOrNull() == opened.get(2));
                assertTrue(disbelieved, "nothing that was sent over it when it opened may count");
                assertNotSame(home, cluster.homeOrNull(key));
                Set<String> taken = Set.of(HOST + ":" + one.port());
                assertEquals(List.of(taken, taken), told, "before others are asked, and once more when they are");
            }
        }
    }
}
