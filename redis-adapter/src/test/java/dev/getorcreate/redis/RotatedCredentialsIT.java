package dev.getorcreate.redis;

import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import io.lettuce.core.RedisCredentials;
import io.lettuce.core.RedisCredentialsProvider;
import io.lettuce.core.RedisURI;
import java.time.Duration;
import java.util.function.Function;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Passwords and tokens that end, as those of managed services do: each connection asks for the one of now. */
class RotatedCredentialsIT {

    private final RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
    /** Guard: volatile. */
    private volatile String password = "first";

    private final RedisURI uri = RedisURI.builder()
            .withHost("127.0.0.1")
            .withPort(redis.port())
            .withAuthentication(RedisCredentialsProvider.from(() -> RedisCredentials.just("app", password)))
            .build();

    @BeforeEach
    void allow() {
        redis.command("ACL", "SETUSER", "app", "on", ">first", "~*", "&*", "+@all");
    }

    @AfterEach
    void stop() {
        redis.close();
    }

    @Test
    void ofOneServer() {
        goesOnWithTheNewPassword(own -> RedisSharedStore.builder(own));
    }

    @Test
    void ofAClustersNodes() {
        try (RedisServer node = Servers.need("Redis", () -> RedisServer.startOwn("--cluster-enabled", "yes"))) {
            node.command("CLUSTER", "ADDSLOTSRANGE", "0", "16383");
            await().until(() -> String.valueOf(node.command("CLUSTER", "INFO")).contains("cluster_state:ok"));
            node.command("ACL", "SETUSER", "app", "on", ">first", "~*", "&*", "+@all");
            uri.setPort(node.port());
            goesOnWithTheNewPassword(own -> RedisSharedStore.cluster(own), node);
        }
    }

    private void goesOnWithTheNewPassword(Function<RedisURI, RedisSharedStoreBuilder> how) {
        goesOnWithTheNewPassword(how, redis);
    }

    private void goesOnWithTheNewPassword(Function<RedisURI, RedisSharedStoreBuilder> how, RedisServer server) {
        try (RedisSharedStore store =
                how.apply(uri).commandTimeout(Duration.ofSeconds(10)).build()) {
            SharedSpace<String> space = store.open("rotated", KeyCodec.string(), "utf8", key -> {});
            assertInstanceOf(Look.Nothing.class, space.look("k", vouch -> {}));
            server.command("ACL", "SETUSER", "app", "resetpass", ">second");
            server.command("CLIENT", "KILL", "USER", "app");
            await().until(() -> !store.isConnected());
            password = "second";
            await().until(store::isConnected);
            assertInstanceOf(Look.Nothing.class, space.look("k", vouch -> {}));
            assertTrue(store.isConnected());
        }
    }
}
