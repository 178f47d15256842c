package dev.getorcreate.jdbc;

import dev.getorcreate.testkit.TcpProxy;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;

@Tag("matrix")
class SilentMariaDbIT extends SilentDatabaseContract {

    @Override
    TcpProxy proxy() {
        return MariaDb.proxy();
    }

    @Override
    DataSource direct() {
        return MariaDb.dataSource();
    }

    @Override
    DataSource through(TcpProxy proxy) {
        return MariaDb.through(proxy);
    }
}
