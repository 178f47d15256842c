package dev.getorcreate.testkit;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.KeyStore;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLSocketFactory;
import javax.net.ssl.TrustManagerFactory;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

@Tag("matrix")
class RedisProgramIT {

    private static final String PASSWORD = "changeit";

    @ParameterizedTest
    @EnumSource
    void runsTheVersionThatItsNameSays(RedisProgram which) {
        try (RedisServer redis = Servers.need(which.toString(), () -> RedisServer.startOwn(which))) {
            String version = version(redis);
            switch (which) {
                case REDIS_6_2 -> assertTrue(version.startsWith("redis 6.2."), version);
                case REDIS_7_0 -> assertEquals("redis 7.0.15", version);
                case REDIS_8_0 -> assertTrue(version.startsWith("redis 8.0."), version);
                case VALKEY_8_1 -> assertTrue(version.startsWith("valkey 8.1."), version);
                case VALKEY_NEWEST -> assertTrue(version.matches("valkey (9|\\d\\d)\\..*"), version);
            }
        }
    }

    private static String version(RedisServer redis) {
        String info = String.valueOf(redis.command("INFO", "server"));
        return info.contains("valkey_version:")
                ? "valkey " + field(info, "valkey_version")
                : "redis " + field(info, "redis_version");
    }

    private static String field(String info, String name) {
        return info.lines()
                .filter(line -> line.startsWith(name + ":"))
                .map(line -> line.substring(name.length() + 1))
                .findFirst()
                .orElseThrow();
    }

    @Test
    void redis62RefusesToSetAndGetInOneCommand() {
        try (RedisServer redis = Servers.need("Redis 6.2", () -> RedisServer.startOwn(RedisProgram.REDIS_6_2))) {
            assertThrows(RuntimeException.class, () -> redis.command("SET", "k", "v", "NX", "GET"));
            assertNull(redis.command("GET", "k"));
        }
    }

    @ParameterizedTest
    @EnumSource(names = {"VALKEY_8_1", "VALKEY_NEWEST"})
    void valkeyComparesAndSetsInOneCommand(RedisProgram which) {
        try (RedisServer redis = Servers.need(which.toString(), () -> RedisServer.startOwn(which))) {
            redis.command("SET", "k", "mine");
            assertNull(redis.command("SET", "k", "new", "IFEQ", "yours"));
            assertEquals("OK", redis.command("SET", "k", "new", "IFEQ", "mine"));
        }
    }

    @ParameterizedTest
    @EnumSource
    void speaksTls(RedisProgram which, @TempDir Path folder) throws Exception {
        KeyStore keys = selfSigned(folder);
        String certificate =
                pem(folder, "CERTIFICATE", keys.getCertificate("server").getEncoded());
        String key = pem(
                folder,
                "PRIVATE KEY",
                keys.getKey("server", PASSWORD.toCharArray()).getEncoded());
        int port = EmbeddedRedis.freePort();
        String[] tls = {
            "--tls-port", Integer.toString(port),
            "--tls-cert-file", certificate,
            "--tls-key-file", key,
            "--tls-ca-cert-file", certificate,
            "--tls-auth-clients", "no"
        };
        try (RedisServer redis = Servers.need(which.toString(), () -> RedisServer.startOwn(which, tls));
                Socket socket = trusting(keys).createSocket("127.0.0.1", port)) {
            assertEquals("PONG", redis.command("PING"));
            socket.setSoTimeout(10_000);
            socket.getOutputStream().write("PING\r\n".getBytes(StandardCharsets.US_ASCII));
            assertEquals("+PONG\r\n", new String(socket.getInputStream().readNBytes(7), StandardCharsets.US_ASCII));
        }
    }

    private static KeyStore selfSigned(Path folder) throws Exception {
        Path store = folder.resolve("keys.p12");
        String keytool =
                Path.of(System.getProperty("java.home"), "bin", "keytool").toString();
        List<String> command = new ArrayList<>(List.of(keytool, "-genkeypair", "-alias", "server", "-keyalg", "EC"));
        command.addAll(List.of("-dname", "CN=localhost", "-storetype", "PKCS12", "-storepass", PASSWORD));
        command.addAll(List.of("-keystore", store.toString()));
        Process made = new ProcessBuilder(command).redirectErrorStream(true).start();
        String said = new String(made.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
        assertEquals(0, made.waitFor(), said);
        return KeyStore.getInstance(store.toFile(), PASSWORD.toCharArray());
    }

    private static String pem(Path folder, String what, byte[] bytes) throws IOException {
        String text = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(bytes);
        return Files.writeString(
                        folder.resolve(what.replace(' ', '-') + ".pem"),
                        "-----BEGIN " + what + "-----\n" + text + "\n-----END " + what + "-----\n")
                .toString();
    }

    private static SSLSocketFactory trusting(KeyStore keys) throws Exception {
        KeyStore trusted = KeyStore.getInstance(KeyStore.getDefaultType());
        trusted.load(null, null);
        trusted.setCertificateEntry("server", keys.getCertificate("server"));
        TrustManagerFactory trust = TrustManagerFactory.getInstance(TrustManagerFactory.getDefaultAlgorithm());
        trust.init(trusted);
        SSLContext context = SSLContext.getInstance("TLS");
        context.init(null, trust.getTrustManagers(), null);
        return context.getSocketFactory();
    }

    @ParameterizedTest
    @EnumSource
    void everyProgramFormsAClusterAndIsWatchedBySentinels(RedisProgram which) {
        try (RedisCluster cluster = Servers.need(which.toString(), () -> RedisCluster.start(which, 3))) {
            RedisServer promoted = cluster.failover("k");
            assertEquals("OK", promoted.command("SET", "k", "v"));
            cluster.migrate(cluster.slot("k"), cluster.upstreamOf(cluster.slot("k") < 8192 ? 16_383 : 0));
            assertEquals("v", cluster.upstreamOf("k").command("GET", "k"));
        }
        try (RedisSentinels sentinels = RedisSentinels.start(which, "records")) {
            assertEquals("OK", sentinels.failover().command("SET", "k", "v"));
        }
    }
}
