package dev.getorcreate.jdbc;

import dev.getorcreate.testkit.MariaDbServer;
import dev.getorcreate.testkit.Servers;
import javax.sql.DataSource;

/** The MariaDB of these tests; without one they are skipped, or fail where one is required. */
final class MariaDb {

    private MariaDb() {}

    static MariaDbServer server() {
        return Servers.need("MariaDB", MariaDbServer::shared);
    }

    static DataSource dataSource() {
        return server().dataSource();
    }
}
