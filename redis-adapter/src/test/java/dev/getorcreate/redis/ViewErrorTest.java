package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.CapturedLog;
import io.lettuce.core.RedisURI;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

class ViewErrorTest {

    private static final Cluster.Hearer FAILING = new Cluster.Hearer() {
        @Override
        public void takenOver(Set<String> names) {}

        @Override
        public void moved(List<Link> losers) {
            throw new StackOverflowError("as if");
        }
    };

    /** Nobody waits for it who could tell. */
    @Test
    void whatIsThrownWhileSlotsMoveIsLogged() {
        try (ScriptedRedis one = new ScriptedRedis();
                ScriptedRedis two = new ScriptedRedis();
                Client client = new Client(null);
                CapturedLog log = new CapturedLog("dev.getorcreate.redis")) {
            RedisURI seed = RedisURI.create(one.uri());
            Handshake handshake = new Handshake(Wire.SETTINGS, TimeSource.system(), true, (link, keys) -> {});
            try (Cluster cluster = new Cluster(
                    client,
                    List.of(seed),
                    node -> new Connector(
                            client,
                            () -> CompletableFuture.completedStage(seed),
                            "Redis at " + node,
                            handshake,
                            Wire.NOBODY),
                    FAILING)) {
                cluster.start();
                String moved = ScriptedRedis.array(
                        ScriptedRedis.range(0, 0, "127.0.0.1", one.port()),
                        ScriptedRedis.range(1, 16_383, "127.0.0.1", two.port()));
                one.says(command -> command.equals("CLUSTER SLOTS") ? moved : null);
                cluster.lookAround();
                log.awaitLine("view of the Redis Cluster");
            }
        }
    }
}
