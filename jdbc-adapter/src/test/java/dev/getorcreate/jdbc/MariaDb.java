package dev.getorcreate.jdbc;

import dev.getorcreate.testkit.MariaDbServer;
import dev.getorcreate.testkit.Servers;
import dev.getorcreate.testkit.TcpProxy;
import dev.getorcreate.testkit.WireProtocol;
import java.net.URI;
import java.sql.SQLException;
import javax.sql.DataSource;
import org.mariadb.jdbc.MariaDbDataSource;

/** The MariaDB of these tests; without one they are skipped, or fail where one is required. */
final class MariaDb {

    private MariaDb() {}

    static MariaDbServer server() {
        return Servers.need("MariaDB", MariaDbServer::shared);
    }

    static DataSource dataSource() {
        return server().dataSource();
    }

    private static URI address() {
        return URI.create(server().jdbcUrl().substring("jdbc:".length()));
    }

    /** A proxy to it that knows its messages. */
    static TcpProxy proxy() {
        return TcpProxy.to(address().getPort(), WireProtocol.MARIADB);
    }

    /** As {@link #dataSource()}, through a proxy. */
    static DataSource through(TcpProxy proxy) {
        URI address = address();
        try {
            return new MariaDbDataSource("jdbc:mariadb://127.0.0.1:" + proxy.port() + address.getPath() + '?'
                    + address.getRawQuery() + "&sslMode=disable");
        } catch (SQLException e) {
            throw new IllegalStateException(e);
        }
    }
}
