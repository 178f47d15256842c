package dev.getorcreate.proof.engine;

import dev.getorcreate.testkit.MariaDbServer;
import dev.getorcreate.testkit.Servers;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;

@Tag("matrix")
class InMariaDbTransactionsIT extends InTransactionsContract {

    @Override
    DataSource dataSource() {
        return Servers.need("MariaDB", MariaDbServer::shared).dataSource();
    }
}
