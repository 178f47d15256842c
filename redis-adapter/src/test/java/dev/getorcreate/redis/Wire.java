package dev.getorcreate.redis;

import dev.getorcreate.spi.TimeSource;
import io.lettuce.core.RedisURI;
import io.lettuce.core.api.StatefulRedisConnection;
import io.lettuce.core.protocol.CommandType;
import java.lang.reflect.InvocationHandler;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** A link to no server: what is sent over it is kept, and answered by the test, on the test's thread. */
final class Wire {

    static final Settings SETTINGS = new Settings(
            "Redis",
            Duration.ofMillis(250),
            Duration.ofSeconds(2),
            1 << 20,
            Settings.NEVER_COMPRESS,
            Duration.ofMillis(250),
            false);

    static final int MOST_PENDING = 10;

    /** Hears nothing. */
    static final Connector.Hearer NOBODY = new Connector.Hearer() {
        @Override
        public void opening(Link fresh) {}

        @Override
        public void opened(Link fresh) {}

        @Override
        public void lost(Link gone) {}
    };

    /** A store that does not connect. */
    static RedisSharedStore store() {
        return new RedisSharedStore(
                new Client(null), List.of(RedisURI.create("redis://nowhere")), false, SETTINGS, MOST_PENDING);
    }

    final Link link;
    private final List<Reply<?>> sent = Collections.synchronizedList(new ArrayList<>());
    /** Is told of each command before anybody can wait for its reply. */
    private final Consumer<Reply<?>> told;

    Wire(Connector home, TimeSource time) {
        this(home, time, sent -> {});
    }

    Wire(Connector home, TimeSource time, Consumer<Reply<?>> told) {
        this.told = told;
        link = new Link(
                connection(this::sent),
                home,
                "nowhere:1",
                new Tracking(SETTINGS.maxStaleness().toNanos()),
                SETTINGS,
                time);
    }

    @SuppressWarnings("unchecked")
    private static StatefulRedisConnection<byte[], byte[]> connection(Consumer<Reply<?>> sent) {
        InvocationHandler handler = (proxy, method, args) -> switch (method.getName()) {
            case "dispatch" -> {
                if (args[0] instanceof Collection<?> several) {
                    several.forEach(one -> sent.accept((Reply<?>) one));
                } else {
                    sent.accept((Reply<?>) args[0]);
                }
                yield args[0];
            }
            case "isOpen" -> true;
            case "closeAsync" -> CompletableFuture.completedFuture(null);
            default -> throw new UnsupportedOperationException(method.getName());
        };
        return (StatefulRedisConnection<byte[], byte[]>) Proxy.newProxyInstance(
                Wire.class.getClassLoader(), new Class<?>[] {StatefulRedisConnection.class}, handler);
    }

    private void sent(Reply<?> command) {
        sent.add(command);
        told.accept(command);
    }

    /** How often such a command was sent. */
    long count(CommandType type) {
        return sent.stream().filter(command -> command.getType() == type).count();
    }

    /** Answers the oldest that was not answered yet. */
    void answer(CommandType type, long number) {
        Reply<?> command = waiting(type);
        command.getOutput().set(number);
        command.complete();
    }

    /** As {@link #answer}, with an error. */
    void refuse(CommandType type, String error) {
        Reply<?> command = waiting(type);
        command.getOutput().setError(error);
        command.complete();
    }

    void answer(CommandType type, String text) {
        answer(waiting(type), text);
    }

    static void answer(Reply<?> command, String text) {
        command.getOutput().set(ByteBuffer.wrap(text.getBytes(StandardCharsets.US_ASCII)));
        command.complete();
    }

    Reply<?> waiting(CommandType type) {
        return sent.stream()
                .filter(command -> command.getType() == type && !command.isDone())
                .findFirst()
                .orElseThrow();
    }
}
