package dev.getorcreate.redis;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.getorcreate.spi.Claim;
import dev.getorcreate.spi.KeyCodec;
import dev.getorcreate.spi.Look;
import dev.getorcreate.spi.Published;
import dev.getorcreate.spi.SharedSpace;
import dev.getorcreate.spi.Token;
import dev.getorcreate.spi.Watch;
import dev.getorcreate.testkit.RedisServer;
import dev.getorcreate.testkit.Servers;
import io.lettuce.core.ClientOptions;
import io.lettuce.core.RedisClient;
import io.lettuce.core.RedisURI;
import io.lettuce.core.SslOptions;
import java.io.IOException;
import java.net.ServerSocket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** TLS, database numbers, and clients that the application lends. */
class SecureRedisIT {

    private static final String PASSWORD = "only-for-this-test";
    private static final Watch NOBODY = vouch -> {};
    /** A busy machine is not what is tested here. */
    private static final Duration PATIENCE = Duration.ofSeconds(5);

    @TempDir
    private Path folder;

    @Test
    void overTlsRecordsGoToAndFro() throws Exception {
        int port = freePort();
        try (RedisServer redis = tls(port);
                RedisSharedStore store = RedisSharedStore.builder(
                                trusting(), RedisURI.create("rediss://127.0.0.1:" + port))
                        .commandTimeout(PATIENCE)
                        .build()) {
            publishAndRead(store);
            assertEquals("PONG", redis.command("PING"));
        }
    }

    @Test
    void aCertificateThatNobodyTrustsIsRefusedWhenBuilt() throws Exception {
        int port = freePort();
        try (RedisServer redis = tls(port)) {
            IllegalArgumentException refused = assertThrows(
                    IllegalArgumentException.class, () -> RedisSharedStore.builder("rediss://127.0.0.1:" + port)
                            .build()
                            .close());
            assertTrue(refused.getMessage().contains("TLS"), refused.getMessage());
            assertEquals("PONG", redis.command("PING"));
        }
    }

    @Test
    void tlsToAPlainPortIsRefusedWhenBuilt() {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn)) {
            String uri = "rediss://:" + PASSWORD + "@127.0.0.1:" + redis.port();
            refused(RedisSharedStore.builder(uri), "not speak TLS");
            refused(RedisSharedStore.cluster(uri), "not speak TLS");
        }
    }

    @Test
    void plainToAPortWithTlsIsRefusedWhenBuilt() throws Exception {
        int port = freePort();
        try (RedisServer redis = tls(port)) {
            refused(RedisSharedStore.builder("redis://127.0.0.1:" + port), "rediss://");
            refused(RedisSharedStore.cluster("redis://127.0.0.1:" + port), "rediss://");
            assertEquals("PONG", redis.command("PING"));
        }
    }

    private static void refused(RedisSharedStoreBuilder builder, String named) {
        IllegalArgumentException refused = assertThrows(
                IllegalArgumentException.class, () -> builder.build().close());
        assertTrue(refused.getMessage().contains(named), refused.getMessage());
    }

    @Test
    void recordsStandInTheDatabaseThatTheUriNames() {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn);
                RedisSharedStore store = RedisSharedStore.builder(redis.uri() + "/3")
                        .commandTimeout(PATIENCE)
                        .build()) {
            publishAndRead(store);
            assertEquals(0L, redis.command("DBSIZE"));
            assertEquals("OK", redis.command("SELECT", "3"));
            assertEquals(2L, redis.command("DBSIZE"), "the record and the cache's generation");
        }
    }

    @Test
    void aClientThatWasHandedInStaysOpen() {
        try (RedisServer redis = Servers.need("Redis", RedisServer::startOwn)) {
            RedisClient client = RedisClient.create(redis.uri());
            try {
                RedisSharedStore store = RedisSharedStore.builder(client, RedisURI.create(redis.uri()))
                        .commandTimeout(PATIENCE)
                        .build();
                publishAndRead(store);
                store.close();
                try (var connection = client.connect()) {
                    assertEquals("PONG", connection.sync().ping());
                }
            } finally {
                client.shutdown(0, 1, TimeUnit.SECONDS);
            }
        }
    }

    private static void publishAndRead(RedisSharedStore store) {
        SharedSpace<String> space = store.open("secure", KeyCodec.string(), "utf8", key -> {});
        Claim claim = new Claim(Token.random(), Duration.ofSeconds(2), () -> {});
        assertInstanceOf(Look.Granted.class, space.claim("k", claim, null, NOBODY));
        byte[] payload = "v".getBytes(StandardCharsets.UTF_8);
        assertEquals(Published.PUBLISHED, space.publish("k", claim, payload, Duration.ofMinutes(1), NOBODY));
        assertInstanceOf(Look.Present.class, space.look("k", NOBODY));
    }

    private RedisServer tls(int port) throws Exception {
        KeyStore keys = selfSigned();
        Key key = keys.getKey("server", PASSWORD.toCharArray());
        String certificate = pem("CERTIFICATE", keys.getCertificate("server").getEncoded());
        String[] args = {
            "--tls-port",
            Integer.toString(port),
            "--tls-cert-file",
            certificate,
            "--tls-key-file",
            pem("PRIVATE KEY", key.getEncoded()),
            "--tls-ca-cert-file",
            certificate,
            "--tls-auth-clients",
            "no"
        };
        return Servers.need("Redis with TLS", () -> RedisServer.startOwn(args));
    }

    private RedisClient trusting() {
        RedisClient client = RedisClient.create();
        client.setOptions(ClientOptions.builder()
                .sslOptions(SslOptions.builder()
                        .trustManager(folder.resolve("CERTIFICATE.pem").toFile())
                        .build())
                .build());
        return client;
    }

    private KeyStore selfSigned() throws Exception {
        Path store = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", "server", "-keyalg", "EC"));
        command.addAll(List.of("-dname", "CN=localhost", "-ext", "san=ip:127.0.0.1"));
        command.addAll(List.of("-storetype", "PKCS12", "-storepass", PASSWORD, "-keystore", store.toString()));
        Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), said);
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    private String pem(String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                        folder.resolve(what.replace(' ', '-') + ".pem"),
                        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n")
                .toString();
    }

    private static int freePort() throws IOException {
        try (ServerSocket socket = new ServerSocket(0)) {
            return socket.getLocalPort();
        }
    }
}
