package dev.getorcreate.testkit;

import java.io.File;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/** A MariaDB or MySQL server of our own, in a temporary folder and on a leash. */
final class OwnMySqlLike {

    /** What the two do not share: their URL's scheme, and what makes a folder of data. */
    enum Kind {
        MARIADB("mariadb", "--bootstrap"),
        MYSQL("mysql", "--initialize-insecure");

        private final String scheme;
        private final String bootstrap;

        Kind(String scheme, String bootstrap) {
            this.scheme = scheme;
            this.bootstrap = bootstrap;
        }
    }

    /** Other processes take ports too, between the choice of a free one and its use. */
    private static final int ATTEMPTS = 5;

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** What costs time at a start and nothing depends on. */
    private static final List<String> SMALL = List.of(
            "--innodb-buffer-pool-size=64M",
            "--innodb-flush-log-at-trx-commit=2",
            "--skip-log-bin",
            "--performance-schema=OFF");

    private static final File EMPTY = new File("/dev/null");

    private static final String INIT = """
            DROP USER IF EXISTS test@'%';
            CREATE USER test@'%' IDENTIFIED BY 'test';
            GRANT ALL ON *.* TO test@'%' WITH GRANT OPTION;
            CREATE DATABASE IF NOT EXISTS test;
            """;

    private final Path folder;
    private final Leashed process;
    private final String jdbcUrl;

    private OwnMySqlLike(Path folder, Leashed process, String jdbcUrl) {
        this.folder = folder;
        this.process = process;
        this.jdbcUrl = jdbcUrl;
    }

    static OwnMySqlLike start(Kind kind, Path program) {
        Path folder = Leashed.folder("getorcreate-" + kind.scheme + "-");
        try {
            Files.writeString(folder.resolve("init.sql"), INIT);
            bootstrap(kind, program, folder);
            for (int attempt = 1; ; attempt++) {
                int port = EmbeddedRedis.freePort();
                Leashed process = Leashed.start(command(kind, program, folder, port), folder);
                String url = "jdbc:" + kind.scheme + "://127.0.0.1:" + port + "/test?user=test&password=test";
                try {
                    awaitAnswer(process, url);
                    return new OwnMySqlLike(folder, process, url);
                } catch (RuntimeException e) {
                    process.close();
                    if (attempt == ATTEMPTS || !process.output().contains("Address already in use")) {
                        throw e;
                    }
                }
            }
        } catch (IOException e) {
            throw new UncheckedIOException("no place for a server's data", e);
        } catch (RuntimeException e) {
            Leashed.removeFolder(folder);
            throw e;
        }
    }

    private static List<String> common(Kind kind, Path program, Path folder) {
        List<String> command = new ArrayList<>(List.of(program.toString(), "--no-defaults"));
        if ("root".equals(System.getProperty("user.name"))) {
            command.add("--user=root");
        }
        command.add("--datadir=" + folder.resolve("data"));
        command.addAll(SMALL);
        if (kind == Kind.MYSQL) {
            command.addAll(List.of("--mysqlx=OFF", "--secure-file-priv=NULL"));
        } else {
            command.add("--innodb-log-file-size=16M");
        }
        return command;
    }

    private static void bootstrap(Kind kind, Path program, Path folder) throws IOException {
        List<String> command = common(kind, program, folder);
        command.add(kind.bootstrap);
        Path log = folder.resolve("bootstrap.log");
        if (kind == Kind.MARIADB) {
            Files.createDirectory(folder.resolve("data"));
        }
        try (Leashed bootstrap = Leashed.start(new ProcessBuilder(command)
                .directory(folder.toFile())
                .redirectInput(
                        kind == Kind.MARIADB
                                ? program.resolveSibling("bootstrap.sql").toFile()
                                : EMPTY)
                .redirectErrorStream(true)
                .redirectOutput(log.toFile()))) {
            if (!bootstrap.process().waitFor(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                    || bootstrap.process().exitValue() != 0) {
                throw new IllegalStateException("no folder of data was made: " + Files.readString(log));
            }
        } catch (InterruptedException e) {
            throw interrupted(e);
        }
    }

    private static List<String> command(Kind kind, Path program, Path folder, int port) {
        List<String> command = common(kind, program, folder);
        command.addAll(List.of(
                "--port=" + port,
                "--bind-address=127.0.0.1",
                "--socket=" + folder.resolve("socket"),
                "--skip-name-resolve",
                "--init-file=" + folder.resolve("init.sql")));
        return command;
    }

    private static void awaitAnswer(Leashed process, String url) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Connection connection = DriverManager.getConnection(url)) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException("the server did not answer within " + PATIENCE, e);
                }
            }
            try {
                if (process.process().waitFor(20, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("the server ended at once: " + process.output());
                }
            } catch (InterruptedException e) {
                throw interrupted(e);
            }
        }
    }

    private static IllegalStateException interrupted(InterruptedException e) {
        Thread.currentThread().interrupt();
        return new IllegalStateException("interrupted while a server starts", e);
    }

    String jdbcUrl() {
        return jdbcUrl;
    }

    void close() {
        process.close();
        Leashed.removeFolder(folder);
    }
}
