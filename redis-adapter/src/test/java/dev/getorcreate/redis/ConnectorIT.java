package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import io.lettuce.core.AbstractRedisClient;
import io.lettuce.core.RedisURI;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever is thrown on the way, one attempt follows the other. */
class ConnectorIT {

    private final AtomicBoolean opening = new AtomicBoolean();
    private final AtomicBoolean lost = new AtomicBoolean();
    private final AtomicBoolean hangingUp = new AtomicBoolean();
    private final AtomicInteger links = new AtomicInteger();
    private final Client client = new Client(null);
    private RedisServer redis;
    private Connector connector;

    @BeforeEach
    void start() {
        redis = Servers.need("Redis", RedisServer::startOwn);
        Handshake handshake = new Handshake(Wire.SETTINGS, TimeSource.system(), false, (link, keys) -> {});
        RedisURI uri = RedisURI.create(redis.uri());
        connector = new Connector(
                client, () -> CompletableFuture.completedStage(uri), "Redis", handshake, new Connector.Hearer() {
                    @Override
                    public void opening(Link fresh) {
                        once(opening);
                    }

                    @Override
                    public void opened(Link fresh) {
                        links.incrementAndGet();
                        if (hangingUp.get()) {
                            redis.command("CLIENT", "KILL", "TYPE", "normal");
                        }
                    }

                    @Override
                    public void lost(Link gone) {
                        once(lost);
                    }
                });
    }

    private static void once(AtomicBoolean throwing) {
        if (throwing.compareAndSet(true, false)) {
            throw new StackOverflowError("as if");
        }
    }

    @AfterEach
    void close() {
        connector.close();
        client.close();
        redis.close();
    }

    private void connects() {
        await().until(() -> connector.linkOrNull() != null);
    }

    @Test
    void anErrorWhileTheFirstLinkOpensCostsOneAttempt() {
        opening.set(true);
        connector.start();
        connects();
    }

    @Test
    void anErrorWhileALaterLinkOpensCostsOneAttempt() {
        connector.start();
        connects();
        Link before = connector.link();
        opening.set(true);
        connector.giveUp(before, "as if");
        connects();
    }

    @Test
    void anErrorWhileALossIsToldCostsNoAttempt() {
        connector.start();
        connects();
        lost.set(true);
        redis.command("CLIENT", "KILL", "TYPE", "normal");
        await().until(() -> !lost.get());
        connects();
    }

    /** Each may have a certificate looked at, and a failover find a server that is full of them. */
    @Test
    void aPeerThatHangsUpOnEachIsAskedMoreAndMoreRarely() {
        hangingUp.set(true);
        connector.start();
        await().pollDelay(Duration.ofSeconds(2)).until(() -> true);
        assertTrue(links.get() < 15, () -> "in two seconds " + links);
        hangingUp.set(false);
        connects();
    }

    /** In a process that lives for months, and whose connections do not. */
    @Test
    void ofAConnectionThatTheServerEndedNothingIsKept() throws Exception {
        connector.start();
        connects();
        int open = kept();
        for (int i = 0; i < 3; i++) {
            Link before = connector.link();
            redis.command("CLIENT", "KILL", "TYPE", "normal");
            await().until(() -> connector.linkOrNull() != null && connector.linkOrNull() != before);
        }
        await().until(() -> kept() == open);
    }

    /** How many connections Lettuce would close at its end. */
    private int kept() throws ReflectiveOperationException {
        Field ours = Client.class.getDeclaredField("client");
        ours.setAccessible(true);
        Method count = AbstractRedisClient.class.getDeclaredMethod("getResourceCount");
        count.setAccessible(true);
        return (int) count.invoke(ours.get(client));
    }
}
