package dev.getorcreate.jdbc;

import com.mysql.cj.jdbc.MysqlDataSource;
import dev.getorcreate.testkit.MySqlServer;
import dev.getorcreate.testkit.Servers;
import javax.sql.DataSource;

/** The MySQL of these tests; without one they are skipped, or fail where one is required. */
final class MySql {

    /** Its collation that takes only equal strings for equal. */
    static final String EXACT = "CHARACTER SET utf8mb4 COLLATE utf8mb4_0900_bin";

    private MySql() {}

    private static MySqlServer server() {
        return Servers.need("MySQL", MySqlServer::shared);
    }

    static DataSource dataSource() {
        return server().dataSource();
    }

    static DataSource in(String schema, String options) {
        MysqlDataSource dataSource = new MysqlDataSource();
        dataSource.setUrl(server().jdbcUrl().replaceFirst("/[^/?]*\\?", "/" + schema + '?') + options);
        return dataSource;
    }
}
