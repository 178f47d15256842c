package dev.getorcreate.testkit;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;
import org.mariadb.jdbc.MariaDbDataSource;

/**
 * A real MariaDB for tests: the one that the environment names ({@value #URL_VARIABLE}, a JDBC URL with user and password
 * in it), else one of our own, whose program is looked for in the folder that the environment variable
 * {@code GETORCREATE_SERVERS} or the system property {@code servers.folder} names, as
 * {@code <folder>/mariadb-11.8/mariadbd}; this project's {@code .ci/servers} puts it there.
 *
 * <p>One of our own listens on loopback, on a free port, and keeps everything below one temporary folder. It ends with
 * {@link #close}, and with this JVM however that ends. It doesn't sync to disk, so a power failure would lose commits; a
 * crash of the server process doesn't.
 */
public final class MariaDbServer implements AutoCloseable {

    /** Names a JDBC URL, {@code jdbc:mariadb://host:port/database?user=...&password=...}. */
    public static final String URL_VARIABLE = "GETORCREATE_MARIADB_URL";

    private static @Nullable MariaDbServer shared;

    private final String jdbcUrl;
    private final Runnable end;

    private MariaDbServer(String jdbcUrl, Runnable end) {
        this.jdbcUrl = jdbcUrl;
        this.end = end;
    }

    /**
     * A server that answers; one of our own is started anew at each call, which takes some seconds.
     *
     * @throws Servers.Unavailable if there is none to be had
     */
    public static MariaDbServer start() {
        String url = System.getenv(URL_VARIABLE);
        if (url == null || url.isBlank()) {
            OwnMySqlLike own =
                    OwnMySqlLike.start(OwnMySqlLike.Kind.MARIADB, FetchedProgram.find("mariadb-11.8", "mariadbd"));
            return new MariaDbServer(own.jdbcUrl(), own::close);
        }
        if (!url.startsWith("jdbc:mariadb:")) {
            throw new IllegalStateException(
                    URL_VARIABLE + " must be a JDBC URL that begins with jdbc:mariadb:, not \"" + url + '"');
        }
        return new MariaDbServer(url.trim(), () -> {});
    }

    /** The one server that all tests of this JVM may share; its {@link #close()} does nothing. As {@link #start()}. */
    public static synchronized MariaDbServer shared() {
        MariaDbServer known = shared;
        if (known == null) {
            // Its close() has nothing to end: the end of the JVM does.
            known = new MariaDbServer(start().jdbcUrl, () -> {});
            shared = known;
        }
        return known;
    }

    /** The JDBC URL, with user and password in it. */
    public String jdbcUrl() {
        return jdbcUrl;
    }

    /** Opens a new connection at every call; it is no pool. */
    public DataSource dataSource() {
        try {
            return new MariaDbDataSource(jdbcUrl);
        } catch (SQLException e) {
            throw new IllegalStateException("no JDBC URL of a MariaDB: " + jdbcUrl, e);
        }
    }

    /** Kills one of our own and removes its data; leaves one from the environment alone. */
    @Override
    public void close() {
        end.run();
    }
}
