package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.SharedStoreUnavailableException;
import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.Failure;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.Closing;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.TcpProxy;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Claims whose end meets a lost connection: nobody waits for them longer than it takes to connect again. */
class CutClaimsIT {

    private static final Duration LEASE = Duration.ofMinutes(1);
    private static final Watch NOBODY = vouch -> {};
    private static final byte[] PAYLOAD = "v".getBytes(StandardCharsets.UTF_8);

    private final RedisServer redis = RedisServer.start();
    private final TcpProxy proxy = TcpProxy.to(redis.port());
    private final RedisSharedStore farStore = store("redis://127.0.0.1:" + proxy.port());
    private final RedisSharedStore nearStore = store(redis.uri());
    private final SharedSpace<String> far = farStore.open("cut", KeyCodec.string(), "utf8", key -> {});
    private final SharedSpace<String> near = nearStore.open("cut", KeyCodec.string(), "utf8", key -> {});
    private final Claim claim = new Claim(Token.random(), LEASE, () -> {});

    CutClaimsIT() {
        await().until(() -> farStore.isConnected() && nearStore.isConnected());
        assertEquals(Look.Granted.GRANTED, far.claim("k", claim, null, NOBODY));
        assertInstanceOf(Look.Held.class, near.look("k", NOBODY));
    }

    private static RedisSharedStore store(String uri) {
        return RedisSharedStore.builder(uri)
                .commandTimeout(Duration.ofSeconds(5)) // a busy machine is not what is tested here
                .build();
    }

    @AfterEach
    void stop() {
        Closing.lastFirst(redis, proxy, nearStore, farStore);
    }

    private void expectGivenBack() {
        await().atMost(Duration.ofSeconds(10)).until(() -> near.look("k", NOBODY) instanceof Look.Nothing);
    }

    @Test
    void oneThatIsGivenBackWithoutAConnectionGoesOutOverTheNextOne() {
        proxy.refuse(true);
        proxy.cut();
        await().until(() -> !farStore.isConnected());
        far.release("k", claim, null);
        proxy.refuse(false);
        expectGivenBack();
    }

    @Test
    void oneWhoseReleaseIsLostOnItsWayIsGivenBackAgain() {
        BooleanSupplier cut = proxy.cutAt(TcpProxy.Direction.TO_SERVER, CutClaimsIT::isOfTheClaim);
        far.release("k", claim, null);
        expectGivenBack();
        assertTrue(cut.getAsBoolean());
    }

    @Test
    void oneWhoseFailureMarkIsLostOnItsWayIsGivenBack() {
        BooleanSupplier cut = proxy.cutAt(TcpProxy.Direction.TO_SERVER, CutClaimsIT::isOfTheClaim);
        far.release("k", claim, new Failure("E", "m", Duration.ofSeconds(1)));
        expectGivenBack();
        assertTrue(cut.getAsBoolean());
    }

    @ParameterizedTest
    @ValueSource(booleans = {false, true})
    void oneWhosePublicationIsLostOnItsWayIsGivenBack(boolean awayForAWhile) {
        BooleanSupplier cut = proxy.cutAt(TcpProxy.Direction.TO_SERVER, bytes -> {
            proxy.refuse(awayForAWhile && isOfTheClaim(bytes));
            return isOfTheClaim(bytes);
        });
        assertThrows(
                SharedStoreUnavailableException.class,
                () -> far.publish("k", claim, PAYLOAD, Duration.ofMinutes(5), NOBODY));
        assertTrue(cut.getAsBoolean());
        proxy.refuse(false);
        expectGivenBack();
    }

    private static boolean isOfTheClaim(byte[] bytes) {
        return new String(bytes, StandardCharsets.ISO_8859_1).contains("EVAL");
    }
}
