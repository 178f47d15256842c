package dev.getorcreate.proof.engine;

import dev.getorcreate.testkit.PostgresServer;
import dev.getorcreate.testkit.Servers;
import javax.sql.DataSource;

class InTransactionsIT extends InTransactionsContract {

    @Override
    DataSource dataSource() {
        return Servers.need("PostgreSQL", PostgresServer::shared).dataSource();
    }
}
