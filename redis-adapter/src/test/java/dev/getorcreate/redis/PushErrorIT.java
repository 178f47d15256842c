package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;

import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.DefaultClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

/** A push whose handling fails, or the reading itself, among the answers to what was asked. */
class PushErrorIT {

    private static final List<String> KEYS = List.of("a", "b", "c", "d");

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
            KEYS.forEach(key -> redis.command("SET", key, "of " + key));
            link.await(get(link, "read before"));
            proxy.holdReplies(true);
            redis.command("SET", "read before", "changed");
            List<Reply<byte[]>> asked = new ArrayList<>();
            KEYS.forEach(key -> asked.add(get(link, key)));
            await().until(() -> redis.command("INFO", "commandstats").toString().contains("cmdstat_get:calls=5"));
            proxy.holdReplies(false);
            for (int i = 0; i < asked.size(); i++) {
                assertIsNotOfAnother("of " + KEYS.get(i), asked.get(i));
            }
            await().until(link::isLost);
            await().until(() -> connector.linkOrNull() != null);
            assertNotEquals(link, connector.linkOrNull());
            connector.close();
        }
    }

    /** As where there is no memory for what was read: Lettuce fails the oldest command, and reads on. */
    @Test
    void anErrorOfReadingGivesNobodyTheAnswerOfAnotherAndEndsTheLink() throws Exception {
        AtomicBoolean failing = new AtomicBoolean();
        ClientResources resources = DefaultClientResources.builder()
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterChannelInitialized(Channel channel) {
                        channel.pipeline().addFirst(new ChannelInboundHandlerAdapter() {
                            @Override
                            public void channelRead(ChannelHandlerContext context, Object read) {
                                if (failing.getAndSet(false)) {
                                    context.fireExceptionCaught(new OutOfMemoryError("as if"));
                                }
                                context.fireChannelRead(read);
                            }
                        });
                    }
                })
                .build();
        RedisClient lent = RedisClient.create(resources);
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                TcpProxy proxy = TcpProxy.to(redis.port());
                RedisSharedStore store = RedisSharedStore.builder(
                                lent, RedisURI.create("redis://127.0.0.1:" + proxy.port()))
                        .maxStaleness(Duration.ofMinutes(1)) // or a PING would be among them
                        .build()) {
            Link link = store.links().get(0);
            KEYS.forEach(key -> redis.command("SET", key, "of " + key));
            proxy.holdReplies(true);
            List<Reply<byte[]>> asked = KEYS.stream().map(key -> get(link, key)).toList();
            await().until(() -> redis.command("INFO", "commandstats").toString().contains("cmdstat_get:calls=4"));
            failing.set(true);
            proxy.holdReplies(false);
            for (int i = 0; i < asked.size(); i++) {
                assertIsNotOfAnother("of " + KEYS.get(i), asked.get(i));
            }
            await().until(link::isLost);
            await().until(() -> !store.links().isEmpty() && store.links().get(0) != link);
        } finally {
            lent.shutdown(0, 1, TimeUnit.SECONDS);
            resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }

    private static Reply<byte[]> get(Link link, String key) {
        Reply<byte[]> get = Reply.get(key.getBytes(StandardCharsets.US_ASCII), over -> {}, output -> {});
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
