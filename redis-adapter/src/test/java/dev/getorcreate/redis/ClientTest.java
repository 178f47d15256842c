package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.getorcreate.testkit.CapturedLog;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SocketOptions;
import io.lettuce.core.resource.ClientResources;
import io.lettuce.core.resource.NettyCustomizer;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultEventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

class ClientTest {

    private static final long SOON = TimeUnit.MILLISECONDS.toNanos(20);

    /** As Netty does where the thread cannot be started: the task stays in the queue of what is to run it. */
    private static final class WithoutThreads extends DefaultEventLoop {
        private final boolean queues;

        WithoutThreads(boolean queues) {
            this.queues = queues;
        }

        @Override
        public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
            if (queues) {
                var unused = super.schedule(command, delay, unit);
            }
            throw new InternalError("unable to create native thread, as if");
        }
    }

    private static void runs(boolean queues) {
        WithoutThreads group = new WithoutThreads(queues);
        ClientResources resources =
                ClientResources.builder().eventExecutorGroup(group).build();
        AtomicInteger ran = new AtomicInteger();
        try (CapturedLog log = new CapturedLog("dev.getorcreate.redis");
                RedisClient theirs = RedisClient.create(resources);
                Client client = new Client(theirs)) {
            client.after(ran::incrementAndGet, SOON);
            await().until(() -> ran.get() > 0);
            await().during(Duration.ofMillis(200)).until(() -> ran.get() == 1);
            assertEquals(1, log.lines().size());
        } finally {
            resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
            group.shutdownGracefully(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }

    /** Several would wake one another, at each tick of a store that nobody asks anything. */
    @Test
    void oneThreadHasAllTimers() {
        Set<Thread> threads = ConcurrentHashMap.newKeySet();
        AtomicInteger ran = new AtomicInteger();
        try (Client client = new Client(null)) {
            for (int i = 0; i < 10; i++) {
                client.after(
                        () -> {
                            threads.add(Thread.currentThread());
                            ran.incrementAndGet();
                        },
                        SOON);
            }
            await().until(() -> ran.get() == 10);
        }
        assertEquals(1, threads.size());
    }

    @Test
    void aTaskRunsAlsoWhereNoThreadCanBeStarted() {
        runs(false);
    }

    @Test
    void aTaskRunsOnceAlsoWhereAThreadIsStartedForItLater() {
        runs(true);
    }

    @Test
    void socketsAreAsTheApplicationsClientWantsThem() {
        List<Boolean> keptAlive = new CopyOnWriteArrayList<>();
        ClientResources resources = ClientResources.builder()
                .nettyCustomizer(new NettyCustomizer() {
                    @Override
                    public void afterChannelInitialized(Channel channel) {
                        keptAlive.add(channel.config().getOption(ChannelOption.SO_KEEPALIVE));
                    }
                })
                .build();
        try (ScriptedRedis node = new ScriptedRedis();
                RedisClient theirs = RedisClient.create(resources)) {
            for (boolean wanted : new boolean[] {false, true}) {
                keptAlive.clear();
                theirs.setOptions(ClientOptions.builder()
                        .socketOptions(SocketOptions.builder().keepAlive(wanted).build())
                        .build());
                RedisSharedStore.builder(theirs, RedisURI.create(node.uri()))
                        .build()
                        .close();
                assertEquals(Set.of(wanted), Set.copyOf(keptAlive));
            }
        } finally {
            resources.shutdown(0, 1, TimeUnit.SECONDS).awaitUninterruptibly(5, TimeUnit.SECONDS);
        }
    }
}
