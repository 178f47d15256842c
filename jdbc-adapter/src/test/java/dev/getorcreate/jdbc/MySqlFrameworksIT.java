package dev.getorcreate.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;

@Tag("matrix")
class MySqlFrameworksIT extends FrameworksContract {

    @Override
    DataSource dataSource() {
        return MySql.dataSource();
    }

    @Override
    String database() {
        return "MySQL";
    }
}
