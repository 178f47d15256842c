package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import io.lettuce.core.RedisURI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A push whose handling fails, among the answers to what was asked. */
class PushErrorIT {

    @Test
    void anErrorOfItGivesNobodyTheAnswerOfAnotherAndEndsTheLink() throws Exception {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                TcpProxy proxy = TcpProxy.to(redis.port());
                Client client = new Client(null)) {
            RedisURI uri = RedisURI.create("redis://127.0.0.1:" + proxy.port());
            Handshake handshake = new Handshake(Wire.SETTINGS, TimeSource.system(), false, (link, keys) -> {
                throw new StackOverflowError("as if");
            });
            Connector connector =
                    new Connector(client, () -> CompletableFuture.completedStage(uri), "Redis", handshake, Wire.NOBODY);
            connector.startOrRefuse();
            await().until(() -> connector.linkOrNull() != null);
            Link link = connector.link();
            List<String> keys = List.of("a", "b", "c", "d");
            keys.forEach(key -> redis.command("SET", key, "of " + key));
            link.await(get(link, "read before"));
            proxy.holdReplies(true);
            redis.command("SET", "read before", "changed");
            List<Reply<byte[]>> asked = new ArrayList<>();
            keys.forEach(key -> asked.add(get(link, key)));
            await().until(() -> redis.command("INFO", "commandstats").toString().contains("cmdstat_get:calls=5"));
            proxy.holdReplies(false);
            for (int i = 0; i < asked.size(); i++) {
                assertIsNotOfAnother("of " + keys.get(i), asked.get(i));
            }
            await().until(link::isLost);
            await().until(() -> connector.linkOrNull() != null);
            assertNotEquals(link, connector.linkOrNull());
            connector.close();
        }
    }

    private static Reply<byte[]> get(Link link, String key) {
        Reply<byte[]> get = Reply.get(key.getBytes(StandardCharsets.US_ASCII), output -> {});
        link.send(get);
        return get;
    }

    /** Answered by the server, or not at all. */
    private static void assertIsNotOfAnother(String value, Reply<byte[]> asked) throws Exception {
        await().atMost(3, TimeUnit.SECONDS).until(asked::isDone);
        if (!asked.isCompletedExceptionally()) {
            assertEquals(value, new String(asked.get(), StandardCharsets.US_ASCII));
        }
    }
}
