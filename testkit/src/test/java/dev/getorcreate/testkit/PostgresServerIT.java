package dev.getorcreate.testkit;

import static java.util.concurrent.TimeUnit.SECONDS;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

class PostgresServerIT {

    @BeforeEach
    void anEmbeddedServerIsToBeHad() {
        Servers.need("PostgreSQL", () -> {
            PostgresServer.whyUnavailable().ifPresent(why -> {
                throw new Servers.Unavailable(why);
            });
            return "";
        });
        Assumptions.assumeTrue(
                System.getenv(PostgresServer.URL_VARIABLE) == null, "a server from the environment is not ours to end");
    }

    @Test
    void aStartedServerAnswersAndAClosedOneIsGoneWithItsData() throws Exception {
        Path data;
        PostgresServer server = PostgresServer.start();
        try (server;
                Connection connection = server.dataSource().getConnection()) {
            assertEquals("1", ask(connection, "SELECT 1"));
            assertEquals("on", ask(connection, "SHOW synchronous_commit"));
            data = Path.of(ask(connection, "SHOW data_directory"));
            assertTrue(Files.isDirectory(data), data::toString);
            try (Connection byUrl = DriverManager.getConnection(server.jdbcUrl())) {
                assertEquals(server.user(), ask(byUrl, "SELECT current_user"));
            }
        }
        assertFalse(Files.exists(data), data::toString);
        assertThrows(SQLException.class, server.dataSource()::getConnection);
        server.close();
    }

    @Test
    void neitherServerNorFolderSurvivesAKilledJvm() throws Exception {
        Process child = new ProcessBuilder(
                        Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                        "-cp",
                        System.getProperty("java.class.path"),
                        Child.class.getName())
                .redirectError(ProcessBuilder.Redirect.INHERIT)
                .start();
        long postmaster;
        Path home;
        try (BufferedReader out =
                new BufferedReader(new InputStreamReader(child.getInputStream(), StandardCharsets.UTF_8))) {
            Path data = Path.of(out.readLine());
            home = data.getParent();
            postmaster = Long.parseLong(
                    Files.readAllLines(data.resolve("postmaster.pid")).get(0).trim());
            assertTrue(ProcessHandle.of(postmaster).isPresent());
        } finally {
            child.destroyForcibly();
        }
        await().atMost(20, SECONDS).until(() -> ProcessHandle.of(postmaster)
                .filter(ProcessHandle::isAlive)
                .isEmpty());
        await().atMost(20, SECONDS).until(() -> !Files.exists(home));
    }

    /** Starts a server, says where its data are, and waits to be killed. */
    static final class Child {
        public static void main(String[] args) throws Exception {
            PostgresServer server = PostgresServer.start();
            try (Connection connection = server.dataSource().getConnection()) {
                System.out.println(ask(connection, "SHOW data_directory"));
            }
            System.in.read();
        }
    }

    private static String ask(Connection connection, String sql) throws SQLException {
        try (ResultSet rows = connection.createStatement().executeQuery(sql)) {
            rows.next();
            return rows.getString(1);
        }
    }
}
