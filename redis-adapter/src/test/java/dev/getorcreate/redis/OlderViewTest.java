package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

/** The view of a node that has not heard the news, as one that was cut off and taken over. */
class OlderViewTest {

    private static final byte[] KEY = "k".getBytes(StandardCharsets.UTF_8);

    private static final Cluster.Hearer NOBODY = new Cluster.Hearer() {
        @Override
        public void takenOver(Set<String> names) {}

        @Override
        public void moved(List<Link> losers) {}
    };

    private static View view(String owner, long epoch) {
        byte[] host = owner.getBytes(StandardCharsets.UTF_8);
        return new View(Slots.parse(List.of(List.of(0L, 16_383L, List.of(host, 7000L, host))), owner), epoch, true);
    }

    /** It is the first that can be had, where the link to the old node was given up and the new one's is on its way. */
    @Test
    void itIsNotBelievedThoughThereIsNoLinkYet() {
        Handshake handshake = new Handshake(Wire.SETTINGS, TimeSource.system(), true, (link, keys) -> {});
        try (Client client = new Client(null);
                Cluster cluster = new Cluster(
                        client,
                        List.of(RedisURI.create("redis://nowhere")),
                        node -> new Connector(client, CompletableFuture::new, node, handshake, Wire.NOBODY),
                        NOBODY)) {
            cluster.believe(view("cut-off", 5));
            cluster.believe(view("promoted", 6));
            cluster.believe(view("cut-off", 5));
            Connector home = cluster.homeOrNull(KEY);
            assertNotNull(home);
            assertNull(home.linkOrNull());
            assertEquals("promoted:7000", home.where());
        }
    }
}
