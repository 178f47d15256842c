package dev.getorcreate.testkit;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.sql.Connection;
import java.sql.SQLException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * An embedded PostgreSQL of one test's own, which may crash and come back with what it had committed, and have a standby.
 * Needs a POSIX shell, and as root on Linux {@code unshare}, since PostgreSQL refuses to run as root.
 */
public final class OwnPostgres implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(60);

    /** The file of options is the command line, each argument quoted. */
    private static final Pattern ARGUMENT = Pattern.compile("\"([^\"]*)\"");

    private final Path data;
    private final int port;
    private final List<String> command;
    private final @Nullable EmbeddedPostgresServer embedded;

    /** The server since its last restart; null: it still runs as it was first started. */
    private @Nullable Leashed process;

    private @Nullable OwnPostgres standby;

    private OwnPostgres(Path data, int port, List<String> command, @Nullable EmbeddedPostgresServer embedded) {
        this.data = data;
        this.port = port;
        this.command = command;
        this.embedded = embedded;
    }

    /**
     * A new server that answers; that takes some seconds.
     *
     * @throws Servers.Unavailable if its binaries are not on the class path
     */
    public static OwnPostgres start() {
        PostgresServer.missing().ifPresent(what -> {
            throw new Servers.Unavailable("no PostgreSQL of a test's own: " + what);
        });
        EmbeddedPostgresServer embedded = EmbeddedPostgresServer.start();
        Path data = embedded.data();
        return new OwnPostgres(data, embedded.port(), commandOf(data), embedded);
    }

    private static List<String> commandOf(Path data) {
        try {
            String options = Files.readString(data.resolve("postmaster.opts"));
            List<String> command = new ArrayList<>();
            if (EmbeddedPostgresServer.runsAsRoot()) {
                command.addAll(List.of("unshare", "-U"));
            }
            command.add(options.substring(0, options.indexOf(" \"")));
            Matcher argument = ARGUMENT.matcher(options);
            while (argument.find()) {
                command.add(argument.group(1));
            }
            return command;
        } catch (IOException e) {
            throw new UncheckedIOException(e);
        }
    }

    /** Where it listens, on the loopback address; also after a restart. */
    public int port() {
        return port;
    }

    /** The JDBC URL, with user and password in it. */
    public String jdbcUrl() {
        return "jdbc:postgresql://127.0.0.1:" + port + "/postgres?user=postgres&password=postgres";
    }

    /** Opens a new connection at every call; it is no pool. */
    public DataSource dataSource() {
        PGSimpleDataSource source = new PGSimpleDataSource();
        source.setUrl(jdbcUrl());
        return source;
    }

    /** Kills the server and all its sessions (SIGKILL), and waits until they have ended. */
    public void kill() {
        ProcessHandle server = running();
        List<ProcessHandle> sessions = server.children().toList();
        server.destroyForcibly();
        // A session that outlived its server would keep the memory that they share, and no new server could start.
        sessions.forEach(ProcessHandle::destroyForcibly);
        server.onExit().orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS).join();
        sessions.forEach(session -> session.onExit()
                .orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS)
                .join());
    }

    private ProcessHandle running() {
        try {
            String pid = Files.readAllLines(data.resolve("postmaster.pid")).get(0);
            return ProcessHandle.of(Long.parseLong(pid.trim()))
                    .orElseThrow(() -> new IllegalStateException("PostgreSQL is not running"));
        } catch (IOException e) {
            throw new UncheckedIOException("PostgreSQL is not running", e);
        }
    }

    /** Starts it again, on the same port and data; blocks until it answers. */
    public void restart() {
        // Beside the data: what is removed with them.
        Leashed started = Leashed.start(command, Objects.requireNonNull(data.getParent()));
        process = started;
        awaitAnswer(started);
    }

    private void awaitAnswer(Leashed started) {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Connection connection = dataSource().getConnection()) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (System.nanoTime() - end > 0) {
                    throw new IllegalStateException("PostgreSQL did not answer within " + PATIENCE, e);
                }
            }
            try {
                if (started.process().waitFor(20, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("PostgreSQL ended at once: " + started.output());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while PostgreSQL starts", e);
            }
        }
    }

    /**
     * A hot standby of it, which shows each commit only so much later. It ends with this one; there may be one.
     *
     * @param lag {@code recovery_min_apply_delay}
     */
    public OwnPostgres standby(Duration lag) {
        OwnPostgres made = PostgresStandby.of(this, lag);
        standby = made;
        return made;
    }

    Path data() {
        return data;
    }

    /** A server on a folder that has been filled. */
    OwnPostgres beside(Path filled, int freePort) {
        List<String> its = new ArrayList<>(command);
        its.set(its.indexOf("-D") + 1, filled.toString());
        its.set(its.indexOf("-p") + 1, String.valueOf(freePort));
        return new OwnPostgres(filled, freePort, its, null);
    }

    /** Ends it and its standby, and removes their data. */
    @Override
    public void close() {
        if (standby != null) {
            standby.close();
        }
        if (process != null) {
            process.close();
        }
        if (embedded != null) {
            embedded.close();
        }
        Leashed.removeFolder(data);
    }
}
