package dev.getorcreate.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.mariadb.jdbc.MariaDbDataSource;

@Tag("matrix")
class TheBugTodayOnMariaDbIT extends TheBugTodayContract {

    @Override
    String database() {
        return "mariadb";
    }

    @Override
    DataSource everywhere() {
        return MariaDb.dataSource();
    }

    @Override
    DataSource in(String schema) throws Exception {
        return new MariaDbDataSource(MariaDb.server().jdbcUrl().replaceFirst("/[^/?]*\\?", "/" + schema + '?'));
    }

    @Override
    String dropSchema(String schema) {
        return "DROP SCHEMA " + schema;
    }
}
