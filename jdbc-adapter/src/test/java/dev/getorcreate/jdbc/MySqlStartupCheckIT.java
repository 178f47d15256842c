package dev.getorcreate.jdbc;

import javax.sql.DataSource;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

@Tag("matrix")
class MySqlStartupCheckIT extends MariaDbStartupCheckIT {

    @Override
    DataSource server() {
        return MySql.dataSource();
    }

    @Override
    DataSource in(String database, String options) {
        return MySql.in(database, options);
    }

    @Override
    String exactCollation() {
        return "utf8mb4_0900_bin";
    }

    @Override
    String foldingCollation() {
        return "utf8mb4_0900_ai_ci";
    }

    /** Its driver makes each session strict unless it is told not to. */
    @Override
    String lax() {
        return super.lax() + "&jdbcCompliantTruncation=false";
    }

    @Test
    void anIndexOnAnExpressionDoesNotCount() throws Exception {
        run("CREATE TABLE records(`key` VARCHAR(20) " + MySql.EXACT + " NOT NULL)");
        nearMiss("CREATE UNIQUE INDEX ux ON records((lower(`key`)))", "(ux does not count: it is on an expression");
    }
}
