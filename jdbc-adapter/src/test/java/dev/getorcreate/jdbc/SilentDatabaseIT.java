package dev.getorcreate.jdbc;

import dev.getorcreate.testkit.TcpProxy;
import javax.sql.DataSource;

class SilentDatabaseIT extends SilentDatabaseContract {

    @Override
    TcpProxy proxy() {
        return Postgres.proxy();
    }

    @Override
    DataSource direct() {
        return Postgres.dataSource();
    }

    @Override
    DataSource through(TcpProxy proxy) {
        return Postgres.through(proxy);
    }
}
