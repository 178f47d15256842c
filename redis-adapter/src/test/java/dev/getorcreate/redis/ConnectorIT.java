package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;

import dev.getorcreate.spi.TimeSource;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import io.lettuce.core.RedisURI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Whatever is thrown on the way, one attempt follows the other. */
class ConnectorIT {

    private final AtomicBoolean opening = new AtomicBoolean();
    private final AtomicBoolean lost = new AtomicBoolean();
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
                    public void opened(Link fresh) {}

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
}
