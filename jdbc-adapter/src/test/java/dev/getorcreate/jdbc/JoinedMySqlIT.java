package dev.getorcreate.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;

@Tag("matrix")
class JoinedMySqlIT extends JoinedMariaDbIT {

    @Override
    DataSource dataSource() {
        return MySql.dataSource();
    }

    @Override
    String text() {
        return "VARCHAR(100) " + MySql.EXACT;
    }
}
