package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.nio.file.attribute.PosixFilePermissions;
import java.sql.Connection;
import java.sql.ResultSet;
import java.sql.SQLException;
import java.sql.Statement;
import java.time.Duration;
import java.util.Objects;

/** Makes a hot standby of a running PostgreSQL: a base backup by SQL, since the embedded binaries have no program for it. */
final class PostgresStandby {

    private PostgresStandby() {}

    static OwnPostgres of(OwnPostgres primary, Duration lag) {
        try {
            // Beside the primary's: what removes that folder after a kill -9 removes this one too.
            Path copy = Files.createTempDirectory(
                    Objects.requireNonNull(primary.data().getParent()),
                    "data-standby-",
                    PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
            backUp(primary, copy);
            Files.createFile(copy.resolve("standby.signal"));
            Files.writeString(
                    copy.resolve("postgresql.auto.conf"),
                    "primary_conninfo = 'host=127.0.0.1 port=" + primary.port()
                            + " user=postgres password=postgres'\nrecovery_min_apply_delay = " + lag.toMillis() + "\n",
                    StandardOpenOption.APPEND);
            OwnPostgres standby = primary.beside(copy, EmbeddedRedis.freePort());
            standby.restart();
            return standby;
        } catch (IOException e) {
            throw new UncheckedIOException("no place for a standby", e);
        } catch (SQLException e) {
            throw new IllegalStateException("PostgreSQL cannot be backed up", e);
        }
    }

    /** The documented low-level way: the backup is one between two calls of one session. */
    private static void backUp(OwnPostgres primary, Path copy) throws SQLException, IOException {
        try (Connection connection = primary.dataSource().getConnection();
                Statement statement = connection.createStatement()) {
            statement.execute("SELECT pg_backup_start('standby', true)");
            copy(primary.data(), copy);
            try (ResultSet label = statement.executeQuery("SELECT labelfile FROM pg_backup_stop(false)")) {
                label.next();
                Files.writeString(copy.resolve("backup_label"), label.getString(1));
            }
        }
    }

    private static void copy(Path from, Path to) throws IOException {
        Files.walkFileTree(from, new SimpleFileVisitor<>() {
            @Override
            public FileVisitResult preVisitDirectory(Path dir, BasicFileAttributes attributes) throws IOException {
                if (!dir.equals(from)) {
                    Files.createDirectory(to.resolve(from.relativize(dir)));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFile(Path file, BasicFileAttributes attributes) throws IOException {
                String name = from.relativize(file).toString();
                // What it logs is streamed; the rest says that a server runs here.
                if (!name.startsWith("pg_wal") && !name.startsWith("postmaster.")) {
                    Files.copy(file, to.resolve(name));
                }
                return FileVisitResult.CONTINUE;
            }

            @Override
            public FileVisitResult visitFileFailed(Path file, IOException e) throws IOException {
                if (e instanceof NoSuchFileException) {
                    return FileVisitResult.CONTINUE; // it was a temporary one
                }
                throw e;
            }
        });
    }
}
