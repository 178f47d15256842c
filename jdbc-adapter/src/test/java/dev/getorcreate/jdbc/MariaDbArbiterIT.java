package dev.getorcreate.jdbc;

import java.sql.SQLException;
import javax.sql.DataSource;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Tag;

/** MariaDB, by its own driver. */
@Tag("matrix")
class MariaDbArbiterIT extends JdbcArbiterContract {

    @Override
    DataSource dataSource() throws Exception {
        return MariaDb.dataSource();
    }

    @AfterEach
    void dropTable() throws SQLException {
        if (table != null) {
            Sql.run(dataSource, "DROP TABLE IF EXISTS " + table);
        }
    }

    @Override
    String quoted(String name) {
        return '`' + name.replace("`", "``") + '`';
    }

    @Override
    String text(String column) {
        return quoted(column) + " VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_nopad_bin NOT NULL";
    }

    @Override
    String foldingText(String column) {
        return quoted(column) + " VARCHAR(100) CHARACTER SET utf8mb4 COLLATE utf8mb4_general_ci NOT NULL";
    }

    @Override
    String generatedId() {
        return "id BIGINT AUTO_INCREMENT PRIMARY KEY";
    }

    @Override
    void dropSchema(String schema) throws SQLException {
        Sql.run(dataSource, "DROP SCHEMA " + quoted(schema));
    }
}
