package dev.getorcreate.testkit;

import com.mysql.cj.jdbc.MysqlDataSource;
import javax.sql.DataSource;
import org.jspecify.annotations.Nullable;

/**
 * A real MySQL for tests, as {@link MariaDbServer} is a MariaDB: the one that the environment names
 * ({@value #URL_VARIABLE}, a JDBC URL with user and password in it), else one of our own, whose program is looked for as
 * {@code <folder>/mysql-newest/mysqld}. Needs MySQL's driver ({@code com.mysql:mysql-connector-j}).
 */
public final class MySqlServer implements AutoCloseable {

    /** Names a JDBC URL, {@code jdbc:mysql://host:port/database?user=...&password=...}. */
    public static final String URL_VARIABLE = "GETORCREATE_MYSQL_URL";

    private static @Nullable MySqlServer shared;

    private final String jdbcUrl;
    private final Runnable end;

    private MySqlServer(String jdbcUrl, Runnable end) {
        this.jdbcUrl = jdbcUrl;
        this.end = end;
    }

    /**
     * A server that answers; one of our own is started anew at each call, which takes some seconds.
     *
     * @throws Servers.Unavailable if there is none to be had
     */
    public static MySqlServer start() {
        String url = System.getenv(URL_VARIABLE);
        if (url == null || url.isBlank()) {
            OwnMySqlLike own =
                    OwnMySqlLike.start(OwnMySqlLike.Kind.MYSQL, FetchedProgram.find("mysql-newest", "mysqld"));
            return new MySqlServer(own.jdbcUrl(), own::close);
        }
        if (!url.startsWith("jdbc:mysql:")) {
            throw new IllegalStateException(
                    URL_VARIABLE + " must be a JDBC URL that begins with jdbc:mysql:, not \"" + url + '"');
        }
        return new MySqlServer(url.trim(), () -> {});
    }

    /** The one server that all tests of this JVM may share; its {@link #close()} does nothing. As {@link #start()}. */
    public static synchronized MySqlServer shared() {
        MySqlServer known = shared;
        if (known == null) {
            // Its close() has nothing to end: the end of the JVM does.
            known = new MySqlServer(start().jdbcUrl, () -> {});
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
        MysqlDataSource dataSource = new MysqlDataSource();
        dataSource.setUrl(jdbcUrl);
        return dataSource;
    }

    /** Kills one of our own and removes its data; leaves one from the environment alone. */
    @Override
    public void close() {
        end.run();
    }
}
