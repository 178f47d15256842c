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
import java.util.concurrent.TimeUnit;
import javax.sql.DataSource;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A PgBouncer before a PostgreSQL, with transaction pooling: whoever is in no transaction has no session. Its program is
 * looked for as {@code <folder>/pgbouncer/pgbouncer}, as those of {@link RedisProgram} are.
 */
public final class PgBouncer implements AutoCloseable {

    private static final Duration PATIENCE = Duration.ofSeconds(30);

    private final Path folder;
    private final Leashed process;
    private final PGSimpleDataSource dataSource;

    private PgBouncer(Path folder, Leashed process, PGSimpleDataSource dataSource) {
        this.folder = folder;
        this.process = process;
        this.dataSource = dataSource;
    }

    /**
     * One that answers.
     *
     * @param connections how many of the server's all callers share
     * @throws Servers.Unavailable if its program is not there
     */
    public static PgBouncer before(PostgresServer server, int connections) {
        Path program = FetchedProgram.find("pgbouncer", "pgbouncer");
        PGSimpleDataSource target = (PGSimpleDataSource) server.dataSource();
        int port = EmbeddedRedis.freePort();
        PGSimpleDataSource through = new PGSimpleDataSource();
        through.setServerNames(new String[] {"127.0.0.1"});
        through.setPortNumbers(new int[] {port});
        through.setDatabaseName("pooled");
        through.setUser("anybody");
        Path folder = Leashed.folder("getorcreate-pgbouncer-");
        try {
            Path settings = folder.resolve("pgbouncer.ini");
            Files.writeString(settings, settings(target, server, port, connections));
            List<String> command = new ArrayList<>(List.of(program.toString(), settings.toString()));
            if (System.getProperty("user.name", "").equals("root")) {
                command.addAll(1, List.of("-u", "nobody")); // it refuses to run as root
            }
            PgBouncer made = new PgBouncer(folder, Leashed.start(command, folder), through);
            made.awaitAnswer();
            return made;
        } catch (IOException e) {
            throw new UncheckedIOException("no place for PgBouncer", e);
        }
    }

    private static String settings(PGSimpleDataSource target, PostgresServer server, int port, int connections) {
        return """
                [databases]
                pooled = host=%s port=%d dbname=%s user=%s password=%s
                [pgbouncer]
                listen_addr = 127.0.0.1
                listen_port = %d
                unix_socket_dir =
                auth_type = any
                pool_mode = transaction
                default_pool_size = %d
                max_client_conn = 200
                ignore_startup_parameters = extra_float_digits
                """.formatted(
                        target.getServerNames()[0],
                        target.getPortNumbers()[0],
                        target.getDatabaseName(),
                        server.user(),
                        server.password(),
                        port,
                        connections);
    }

    private void awaitAnswer() {
        long end = System.nanoTime() + PATIENCE.toNanos();
        while (true) {
            try (Connection connection = dataSource.getConnection()) {
                if (connection.isValid(5)) {
                    return;
                }
            } catch (SQLException e) {
                if (System.nanoTime() - end > 0) {
                    close();
                    throw new IllegalStateException("PgBouncer did not answer within " + PATIENCE, e);
                }
            }
            try {
                if (process.process().waitFor(20, TimeUnit.MILLISECONDS)) {
                    throw new IllegalStateException("PgBouncer ended at once: " + process.output());
                }
            } catch (InterruptedException e) {
                Thread.currentThread().interrupt();
                throw new IllegalStateException("interrupted while PgBouncer starts", e);
            }
        }
    }

    /** Opens a new connection to it at every call. */
    public DataSource dataSource() {
        return dataSource;
    }

    @Override
    public void close() {
        process.close();
        Leashed.removeFolder(folder);
    }
}
