package dev.getorcreate.bench;

import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SetArgs;
import io.lettuce.core.TimeoutOptions;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.codec.ByteArrayCodec;
import io.lettuce.core.metrics.CommandLatencyRecorder;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.handler.flush.FlushConsolidationHandler;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/** {@code GET} by Lettuce itself, on one connection for all threads: as it comes, or with what our store sets. */
final class SharedHitLettuce implements SharedHitContender {

    /** How one value is read. */
    private interface Reading {
        byte[] get(StatefulRedisConnection<byte[], byte[]> connection, byte[] key);
    }

    private final ClientResources resources;
    private final RedisClient client;
    private final StatefulRedisConnection<byte[], byte[]> connection;
    private final Reading reading;

    private SharedHitLettuce(String uri, ClientResources resources, ClientOptions options, Reading reading) {
        this.resources = resources;
        this.reading = reading;
        client = RedisClient.create(resources, uri);
        client.setOptions(options);
        connection = client.connect(ByteArrayCodec.INSTANCE);
    }

    /** By its default options and its synchronous commands: what an application has that does nothing about it. */
    static SharedHitLettuce plain(String uri) {
        return new SharedHitLettuce(
                uri, ClientResources.create(), ClientOptions.create(), (connection, key) -> connection
                        .sync()
                        .get(key));
    }

    /**
     * With the threads' flushes shared, without a timer for each command, without what reconnecting costs each command,
     * and without the proxy of the synchronous commands: what our store adds is what it takes more than this.
     */
    static SharedHitLettuce tuned(String uri) {
        ClientResources resources = ClientResources.builder()
                .nettyCustomizer(new SharedFlushes())
                .commandLatencyRecorder(CommandLatencyRecorder.disabled())
                .build();
        ClientOptions options = ClientOptions.builder()
                .autoReconnect(false)
                .disconnectedBehavior(ClientOptions.DisconnectedBehavior.REJECT_COMMANDS)
                .timeoutOptions(TimeoutOptions.builder().timeoutCommands(false).build())
                .build();
        return new SharedHitLettuce(uri, resources, options, SharedHitLettuce::await);
    }

    private static final class SharedFlushes implements NettyCustomizer {
        @Override
        public void afterChannelInitialized(Channel channel) {
            channel.pipeline()
                    .addFirst(new FlushConsolidationHandler(
                            FlushConsolidationHandler.DEFAULT_EXPLICIT_FLUSH_AFTER_FLUSHES, true));
        }
    }

    /** Not for ever, which would be no cheaper, and nobody does. */
    private static byte[] await(StatefulRedisConnection<byte[], byte[]> connection, byte[] key) {
        try {
            return connection.async().get(key).get(RedisURI.DEFAULT_TIMEOUT, TimeUnit.SECONDS);
        } catch (InterruptedException | ExecutionException | TimeoutException e) {
            throw new IllegalStateException("no answer", e);
        }
    }

    @Override
    public void fill(String key, byte[] value) {
        String unused = connection.sync().set(bytes(key), value, SetArgs.Builder.px(TIME_TO_LIVE));
    }

    @Override
    public byte[] get(String key) {
        return reading.get(connection, bytes(key));
    }

    /** With a prefix, as every cache has one. */
    private static byte[] bytes(String key) {
        return ("lettuce:" + key).getBytes(StandardCharsets.UTF_8);
    }

    @Override
    public void close() {
        connection.close();
        client.shutdown(Duration.ZERO, Duration.ofSeconds(1));
        var unused = resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(2, TimeUnit.SECONDS);
    }
}
