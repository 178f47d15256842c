package dev.getorcreate.jdbc;

import java.util.Optional;
import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;

@Tag("matrix")
class MariaDbFrameworksIT extends FrameworksContract {

    @Override
    DataSource dataSource() {
        return MariaDb.dataSource();
    }

    @Override
    String database() {
        return "MariaDB";
    }

    @Override
    Optional<String> table() {
        return Optional.empty();
    }
}
